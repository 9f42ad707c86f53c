namespace Latchkey.Accounts;

/// <summary>A key that was shown and waits for its first code.</summary>
/// <param name="Key">Base32 in groups of four.</param>
/// <param name="QrCode">A PNG in base64.</param>
public sealed record PendingAuthenticator(string Key, string QrCode);
