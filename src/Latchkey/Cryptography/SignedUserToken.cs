namespace Latchkey.Cryptography;

/// <summary>
/// A token that names a new user, and that nothing accepts. Apps built with the Swift SDK before November 2023 fail without one. Times are
/// in unix seconds.
/// </summary>
public sealed record SignedUserToken(string AppId, string Handle, long IssuedAt, long ExpiresAt);
