using Latchkey.Provider.Tokens;

namespace Latchkey.Provider.Devices;

/// <summary>A device without a browser that waits for somebody to type its code (RFC 8628).</summary>
public sealed record DeviceRequest
{
    public string AppId { get; init; } = "";

    /// <summary>The SHA-256 of the device code. The code has 256 random bits.</summary>
    public string Id { get; init; } = "";

    /// <summary>The keyed hash of the code that a person types.</summary>
    public string UserCode { get; init; } = "";

    public string ClientId { get; init; } = "";

    /// <summary>With spaces between the scopes.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Resource indicators with spaces between them.</summary>
    public string Resources { get; init; } = "";

    /// <summary>The thumbprint of the key that the device proved when it asked; null for none.</summary>
    public string? DpopKey { get; init; }

    /// <summary>The address of the device.</summary>
    public string Client { get; init; } = "";

    /// <summary>The header User-Agent of the device, shortened.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>A name of <see cref="DeviceState"/>.</summary>
    public string State { get; init; } = DeviceState.Pending;

    /// <summary>Who decided, and in which session; null while nobody has.</summary>
    public string? UserId { get; init; }

    public string? SessionId { get; init; }

    /// <summary>How long the device has to wait between two polls.</summary>
    public long IntervalSeconds { get; init; }

    public long? PolledAt { get; init; }

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public IReadOnlyList<string> Scopes => UserScopes.Split(Scope);
}
