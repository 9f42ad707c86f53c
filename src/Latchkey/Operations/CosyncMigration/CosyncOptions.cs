using Latchkey.Applications;
using Latchkey.Cryptography;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>What the operator gives along.</summary>
/// <param name="OldKeyPem">The old server's public key.</param>
/// <param name="SessionsUntil">How long old access tokens may be good, unix milliseconds; null for not at all.</param>
public sealed record CosyncOptions(CosyncEncryption Encryption, string? OldKeyPem, long? SessionsUntil, bool DryRun)
{
    public JwsKey? OldKey { get; } = OldKeyPem is null ? null : LegacyServer.ReadKey(OldKeyPem);
}
