namespace Latchkey.HostedPages.Account;

/// <summary>What goes on on the next page. It is kept sealed in the browser, for one session.</summary>
public sealed record AccountStep
{
    /// <summary>Whose it is: the session's public id.</summary>
    public string Session { get; init; } = "";

    /// <summary>The key of an authenticator app that waits for its first code, sealed for this session; null for none.</summary>
    public string? PendingKey { get; init; }

    /// <summary>What the key's QR code says.</summary>
    public string? KeyUri { get; init; }

    /// <summary>The key in groups of four.</summary>
    public string? Key { get; init; }

    /// <summary>Recovery codes, to be shown once; null for none.</summary>
    public IReadOnlyList<string>? RecoveryCodes { get; init; }

    /// <summary>The user may download their data once.</summary>
    public bool IsDataAllowed { get; init; }
}
