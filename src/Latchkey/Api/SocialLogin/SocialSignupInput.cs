namespace Latchkey.Api.SocialLogin;

/// <summary>The input of socialSignup, not validated.</summary>
public sealed record SocialSignupInput(string Provider, string Token, string Handle, string? MetaData, string? Locale, string? Nonce);
