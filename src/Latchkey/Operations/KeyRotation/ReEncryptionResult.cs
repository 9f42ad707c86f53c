namespace Latchkey.Operations.KeyRotation;

/// <summary>How far resealing has come: texts under the current key now, and those that no key opens.</summary>
public sealed record ReEncryptionResult(long Done, IReadOnlyList<string> Broken);
