using Latchkey.Data;

namespace Latchkey.Users.Search;

/// <summary>A typed text, in which each <c>*</c> outside quotation marks stands for any text.</summary>
/// <param name="Parts">What stands between the asterisks; one part without any.</param>
public sealed record TextPattern(IReadOnlyList<string> Parts)
{
    /// <summary>A pattern that finds the text anywhere.</summary>
    public static TextPattern Containing(string text) => new(["", text, ""]);

    public bool HasWildcards => Parts.Count > 1;

    /// <summary>Without wildcards: the whole text.</summary>
    public string Text => string.Concat(Parts);

    /// <summary>The fixed beginning; empty for none.</summary>
    public string Prefix => Parts[0];

    /// <summary>For <c>LIKE … ESCAPE '\'</c>.</summary>
    public string Like => LikePattern.Of(Parts);

    public TextPattern Select(Func<string, string> change) => new([.. Parts.Select(change)]);
}
