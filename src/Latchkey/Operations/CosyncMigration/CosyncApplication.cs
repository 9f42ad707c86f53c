using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>An application as it will be here, not stored yet.</summary>
public sealed record CosyncApplication(
    ApplicationRow Row,
    ApplicationSettings Settings,
    SigningKeyRow Key,
    string? AppToken,
    string? AppSecret
)
{
    /// <summary>For rules that need an application before there is one.</summary>
    public Application Preview(SigningKeys keys)
    {
        var key = keys.Open(Key);
        return new Application(Row, Settings, key, Key.PublicKey, [key], [], [], []);
    }
}
