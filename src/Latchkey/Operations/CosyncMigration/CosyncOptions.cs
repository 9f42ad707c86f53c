using Latchkey.Applications;
using Latchkey.Cryptography;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>The operator's options.</summary>
/// <param name="OldKeyPem">The old server's public key.</param>
/// <param name="SessionsUntil">Until when old access tokens are accepted, in unix milliseconds; null for not at all.</param>
public sealed record CosyncOptions(CosyncEncryption Encryption, string? OldKeyPem, long? SessionsUntil, bool DryRun)
{
    public JwsKey? OldKey { get; } = OldKeyPem is null ? null : LegacyServer.ReadKey(OldKeyPem);
}
