namespace Latchkey.Api.SocialLogin;

/// <summary>What socialSignup is asked with, unchecked.</summary>
public sealed record SocialSignupInput(string Provider, string Token, string Handle, string? MetaData, string? Locale, string? Nonce);
