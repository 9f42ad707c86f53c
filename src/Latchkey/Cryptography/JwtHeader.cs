namespace Latchkey.Cryptography;

/// <summary>The header of a token. It is not trusted; it only helps to find the key.</summary>
public sealed record JwtHeader(string Algorithm, string? Type, string? KeyId);
