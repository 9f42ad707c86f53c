namespace Latchkey.Cryptography;

/// <summary>The token between password and second factor. <paramref name="IssuedAt"/> in unix seconds.</summary>
public sealed record LoginToken(string AppId, string Handle, string Id, long IssuedAt);
