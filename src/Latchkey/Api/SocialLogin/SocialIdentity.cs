using Latchkey.Core;

namespace Latchkey.Api.SocialLogin;

/// <summary>The identity in a valid ID token.</summary>
/// <param name="Provider">apple or google.</param>
/// <param name="Subject">The provider's own id of the person; never changes.</param>
/// <param name="Email">The verified address; null when the provider kept it back.</param>
/// <param name="TokenHash">Names the token, to use it up.</param>
/// <param name="TokenEndsAt">Unix milliseconds; no longer accepted from then on.</param>
public sealed record SocialIdentity(string Provider, string Subject, Handle? Email, string TokenHash, long TokenEndsAt)
{
    /// <summary>In unix milliseconds: when the person signed in at the provider; null where it does not say.</summary>
    public long? AuthenticatedAt { get; init; }
}
