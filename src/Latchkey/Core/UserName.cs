namespace Latchkey.Core;

/// <summary>A user name: trimmed, lower case, 1–64 of <c>a–z 0–9 . _ -</c>; never in the form of a handle.</summary>
public readonly record struct UserName
{
    private UserName(string text) => Text = text;

    public string Text { get; }

    public override string ToString() => Text;

    public static Result<UserName> Parse(string raw)
    {
        var text = raw.Trim().ToLowerInvariant();
        return
            text.Length is >= 1 and <= 64
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            && !text.StartsWith("anon_", StringComparison.Ordinal)
            ? new UserName(text)
            : ErrorCodes.InvalidData.WithCause("not a user name");
    }
}
