using Latchkey.Applications;
using Latchkey.Applications.Settings;

namespace Latchkey.Api;

/// <summary>What a page of <see cref="PasswordPages"/> shows and sends.</summary>
public sealed record PasswordPage
{
    public required Application Application { get; init; }

    /// <summary>The function that the form is posted to.</summary>
    public required string Function { get; init; }

    /// <summary>The kind of the mail that contains the link; its template has the page's texts.</summary>
    public required string Kind { get; init; }

    public required string AppToken { get; init; }

    public required string Handle { get; init; }

    /// <summary>The token of the link.</summary>
    public required string Code { get; init; }

    public required string Locale { get; init; }

    /// <summary>The metadata that the function requires.</summary>
    public IReadOnlyList<MetadataField> Fields { get; init; } = [];

    /// <summary>The entered values, by path.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The password that was entered does not meet the policy.</summary>
    public bool IsWeak { get; init; }
}
