namespace Latchkey.Cryptography;

/// <summary>What a token says of itself: a hint for finding the key, never a decision.</summary>
public sealed record JwtHeader(string Algorithm, string? Type, string? KeyId);
