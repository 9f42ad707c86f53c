using Latchkey.Api.Login;

namespace Latchkey.Api.SocialLogin;

/// <summary>The user is logged in with an ID token.</summary>
public sealed record SocialLoggedIn(SocialTokenResponse Tokens) : LoginResult;
