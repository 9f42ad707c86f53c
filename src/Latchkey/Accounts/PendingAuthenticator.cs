namespace Latchkey.Accounts;

/// <summary>An authenticator key that is not confirmed by a first code yet.</summary>
/// <param name="Key">Base32 in groups of four.</param>
/// <param name="QrCode">A PNG in base64.</param>
public sealed record PendingAuthenticator(string Key, string QrCode);
