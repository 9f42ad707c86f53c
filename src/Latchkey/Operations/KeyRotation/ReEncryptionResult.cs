namespace Latchkey.Operations.KeyRotation;

/// <summary>The number of re-encrypted texts, and the texts that no key decrypts.</summary>
public sealed record ReEncryptionResult(long Done, IReadOnlyList<string> Broken);
