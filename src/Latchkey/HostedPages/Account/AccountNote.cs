namespace Latchkey.HostedPages.Account;

/// <summary>What an account page says once, after a form. It is kept sealed in the browser, for one session.</summary>
public sealed record AccountNote
{
    /// <summary>The path of the page that shows it.</summary>
    public string Page { get; init; } = "";

    /// <summary>Whose it is: the session's public id.</summary>
    public string Session { get; init; } = "";

    /// <summary>What was done: the name of a text; null if nothing was.</summary>
    public string? Done { get; init; }

    /// <summary>The error's code; 0 for none.</summary>
    public int Code { get; init; }

    /// <summary>How long to wait before the next try; 0 for not at all.</summary>
    public long WaitSeconds { get; init; }

    /// <summary>What was typed, by field, to be shown again. Never a password or a code.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
