using System.Text.Json.Serialization;

namespace Latchkey.HostedPages;

/// <summary>What the page after a refused form says, and what was typed.</summary>
/// <param name="Page">The page that shows it.</param>
/// <param name="Code">The error's.</param>
/// <param name="Handle">As it was typed; empty for nothing.</param>
/// <param name="WaitSeconds">How long to wait before the next try; 0 for not at all.</param>
public sealed record PageNote(string Page, int Code, string Handle, long WaitSeconds)
{
    /// <summary>The form was not ours, or too old. No error has this code.</summary>
    public const int StaleForm = -1;

    /// <summary>Nothing went wrong: the password is changed.</summary>
    public const int PasswordChanged = -2;

    /// <summary>Nothing went wrong: another mail is on its way.</summary>
    public const int MailedAgain = -3;

    /// <summary>What else was typed, by the names of the fields; never a password.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The names of the fields that were refused.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>The note says that something is done.</summary>
    [JsonIgnore]
    public bool IsGood => Code is PasswordChanged or MailedAgain;
}
