namespace Latchkey.Users.Passkeys;

/// <summary>A passkey: the public key of a credential that one of the user's authenticators holds (WebAuthn §4).</summary>
public sealed record Passkey
{
    public string AppId { get; init; } = "";

    public string Id { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>The domain for which it was made; it works nowhere else.</summary>
    public string RpId { get; init; } = "";

    /// <summary>The authenticator's own id of it, in base64url.</summary>
    public string CredentialId { get; init; } = "";

    /// <summary>A COSE key in base64url.</summary>
    public string PublicKey { get; init; } = "";

    /// <summary>The authenticator's counter at the last use; 0 for authenticators that do not count.</summary>
    public long SignCount { get; init; }

    /// <summary>How browsers reach the authenticator: internal, hybrid, usb, nfc, ble, smart-card; with commas between them.</summary>
    public string Transports { get; init; } = "";

    /// <summary>Whether its password manager can copy it to other devices. It never changes.</summary>
    public bool BackupEligible { get; init; }

    /// <summary>Whether it is copied now.</summary>
    public bool BackedUp { get; init; }

    /// <summary>The kind of authenticator; zeros for unknown.</summary>
    public string Aaguid { get; init; } = "";

    /// <summary>What the user calls it.</summary>
    public string Name { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? LastUsedAt { get; init; }
}
