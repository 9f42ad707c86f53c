namespace Latchkey.Applications.Realm;

/// <summary>The result of the last completed run on an application's Realm application. Contains no API key.</summary>
public sealed record RealmConfiguration
{
    public string AppId { get; init; } = "";

    /// <summary>A <see cref="RealmSigning"/>.</summary>
    public string Signing { get; init; } = RealmSigning.Secret;

    /// <summary>
    /// The name of the secret with our public key, and the key's id, because App Services does not return a secret's content. Empty when
    /// there is none.
    /// </summary>
    public string SecretKey { get; init; } = "";

    /// <summary>The actions, one per line; empty when no run has completed.</summary>
    public string Report { get; init; } = "";

    public string ConfiguredBy { get; init; } = "";

    public long ConfiguredAt { get; init; }
}
