namespace Latchkey.Cryptography;

/// <summary>A token that was signed by the key in its own header.</summary>
/// <param name="Payload">The claims, as JSON.</param>
/// <param name="Thumbprint">Of that key (RFC 7638).</param>
public sealed record SelfSignedToken(byte[] Payload, string Thumbprint);
