using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>An application to be imported, not stored yet.</summary>
public sealed record CosyncApplication(
    ApplicationRow Row,
    ApplicationSettings Settings,
    SigningKeyRow Key,
    string? AppToken,
    string? AppSecret
)
{
    /// <summary>As an application, for rules that need one before it is stored.</summary>
    public Application Preview(SigningKeys keys)
    {
        var key = keys.Open(Key);
        return new Application(Row, Settings, key, Key.PublicKey, [key], [], [], []);
    }
}
