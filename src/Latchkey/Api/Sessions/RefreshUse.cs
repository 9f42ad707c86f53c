using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Sessions;

/// <summary>One use of a refresh token whose grant, session and user are in order.</summary>
/// <param name="Application">The application.</param>
/// <param name="From">Where the request comes from.</param>
/// <param name="Found">What the token is of.</param>
/// <param name="Token">The token.</param>
/// <param name="At">When, in unix milliseconds.</param>
/// <param name="IsOwner">The request proves that its sender is the token's owner, by a key for example.</param>
public sealed record RefreshUse(
    Application Application,
    ClientAddress From,
    GrantedSession Found,
    RefreshToken Token,
    long At,
    bool IsOwner
)
{
    /// <summary>How long a replaced token is answered after its successor was used.</summary>
    public TimeSpan Grace => TimeSpan.FromSeconds(Application.Settings.RefreshGraceSeconds);

    /// <summary>The owner's own token came again, though its successor has been in use: no theft.</summary>
    public bool IsOwnersCopy => IsOwner && ByTheToken == RefreshDecision.Reused;

    public RefreshDecision Decision => IsOwnersCopy ? RefreshDecision.Repeat : ByTheToken;

    private RefreshDecision ByTheToken => Found.Grant.Decide(Token.Generation, At, Grace);
}
