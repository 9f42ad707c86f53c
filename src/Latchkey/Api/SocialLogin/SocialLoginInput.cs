namespace Latchkey.Api.SocialLogin;

/// <summary>What socialLogin is sent.</summary>
/// <param name="Provider">apple or google.</param>
/// <param name="Token">The provider's ID token.</param>
/// <param name="Nonce">What the app asked the provider to put into the token; null for none.</param>
/// <param name="DeviceToken">Of a remembered device; null for none.</param>
public sealed record SocialLoginInput(string Provider, string Token, string? Nonce, string? DeviceToken);
