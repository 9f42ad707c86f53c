namespace Latchkey.Applications.Realm;

/// <summary>What the last run that came to its end did to an application's Realm application. No key that was typed is in it.</summary>
public sealed record RealmConfiguration
{
    public string AppId { get; init; } = "";

    /// <summary>A <see cref="RealmSigning"/>.</summary>
    public string Signing { get; init; } = RealmSigning.Secret;

    /// <summary>
    /// The secret that holds our public key, and which key: App Services does not tell what a secret holds. Empty when there is none.
    /// </summary>
    public string SecretKey { get; init; } = "";

    /// <summary>What was done, a line each; empty when every run so far has stopped before its end.</summary>
    public string Report { get; init; } = "";

    public string ConfiguredBy { get; init; } = "";

    public long ConfiguredAt { get; init; }
}
