namespace Latchkey.Api.SocialLogin;

/// <summary>What a user is made with who signs up with an identity.</summary>
/// <param name="Email">The address, proved by the provider or by a code.</param>
/// <param name="Locale">One of the application's.</param>
/// <param name="Metadata">A document of valid values.</param>
/// <param name="Action">The function, as the log names it.</param>
/// <param name="OpensSession">Whether the user is signed in at once.</param>
public sealed record IdentitySignup(string Email, string Locale, string Metadata, string Action, bool OpensSession = true);
