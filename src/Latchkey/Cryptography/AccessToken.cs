namespace Latchkey.Cryptography;

/// <summary>An access token: a user's session at this server. Times in unix seconds.</summary>
public sealed record AccessToken(string AppId, string Handle, string SessionId, long IssuedAt, long ExpiresAt);
