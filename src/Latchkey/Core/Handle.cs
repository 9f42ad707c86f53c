using System.Text;

namespace Latchkey.Core;

/// <summary>
/// The identifier of a user in an application: an e-mail address, or <c>ANON_…</c> for an anonymous user. Values are normalised
/// (trimmed, NFKC, lower case). Spellings that still differ but mean one mailbox share a <see cref="Key"/>.
/// </summary>
public readonly record struct Handle
{
    private const string AnonymousPrefix = "ANON_";
    private const int MaxAddressLength = 254;
    private const int MaxLocalPartLength = 64;
    private const int MaxNormalisedLength = 1024;

    private Handle(string text) => Text = text;

    public string Text { get; }

    /// <summary>As <see cref="KeyOf"/>.</summary>
    public string Key => KeyOf(Text);

    public bool IsAnonymous => Text.StartsWith(AnonymousPrefix, StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>Parses an e-mail address; 602 when it is invalid. Only unquoted local parts (RFC 5321 dot-strings) are allowed.</summary>
    public static Result<Handle> ParseEmail(string raw)
    {
        var text = Normalise(raw);
        return IsEmail(text) ? new Handle(text) : ErrorCodes.InvalidData.WithCause("handle is not an e-mail address");
    }

    /// <summary>Parses <c>ANON_</c> and 1–64 letters, digits or dashes, keeping the case; 600 when it is invalid.</summary>
    public static Result<Handle> ParseAnonymous(string raw)
    {
        var text = raw.Trim();
        var id = text.AsSpan(Math.Min(AnonymousPrefix.Length, text.Length));
        return
            text.StartsWith(AnonymousPrefix, StringComparison.Ordinal)
            && id.Length is >= 1 and <= 64
            && IsAll(id, c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? new Handle(text)
            : ErrorCodes.InvalidCredentials.WithCause("not an anonymous handle");
    }

    /// <summary>A stored handle, which is normalised already.</summary>
    public static Handle FromStored(string text) => new(text);

    /// <summary>The normalised form of handles and user names.</summary>
    public static string Normalise(string raw)
    {
        // Normalisation is quadratic for long runs of combining marks, and throws for unstorable text. Neither can be a handle.
        if (raw.Length > MaxNormalisedLength || !Field.IsStorable(raw))
        {
            return Strings.Truncate(raw, MaxNormalisedLength).ToLowerInvariant();
        }

        var folded = raw.Trim().Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        return folded.Normalize(NormalizationForm.FormKC).Trim();
    }

    /// <summary>
    /// The one key of all spellings of a normalised handle, for unique columns, look-ups and limits: the domain in A-labels, the local
    /// part without variants of lower-case letters (σ and ς). Other text is its own key.
    /// </summary>
    public static string KeyOf(string handle)
    {
        var at = handle.IndexOf('@', StringComparison.Ordinal);
        return at < 0 || Ascii.IsValid(handle)
            ? handle
            : $"{FoldCase(handle[..at])}@{DomainName.ToAscii(handle[(at + 1)..]) ?? handle[(at + 1)..]}";
    }

    /// <summary>
    /// The spellings under which a normalised handle may stand in a log: as given and without variants of letters, each with its domain as
    /// given, in A-labels and in U-labels.
    /// </summary>
    public static IReadOnlyList<string> SpellingsOf(string handle)
    {
        var at = handle.IndexOf('@', StringComparison.Ordinal) + 1;
        if (at == 0)
        {
            return [handle];
        }

        var (local, domain) = (handle[..at], handle[at..]);
        string[] locals = [local, FoldCase(local)];
        string[] domains = [domain, DomainName.ToAscii(domain) ?? domain, DomainName.ToUnicode(domain)];
        return [.. locals.SelectMany(one => domains.Select(other => one + other)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// What a log may hold of a typed handle: an address on the Internet, an anonymous handle, or what could be a user name. Empty for
    /// anything else: it may be a password that was typed into the wrong field, such as P@ssw0rd.
    /// </summary>
    /// <param name="typed">As it came.</param>
    /// <param name="userNames">The application has user names.</param>
    public static string ForLog(string typed, bool userNames) =>
        ParseAnonymous(typed) is { Succeeded: true } anonymous ? anonymous.Value.Text
        : ParseEmail(typed) is { Succeeded: true, Value.Text: var address }
        && address.LastIndexOf('.') > address.IndexOf('@', StringComparison.Ordinal)
            ? address
        : userNames && Core.UserName.Parse(typed) is { Succeeded: true } name ? name.Value.Text
        : "";

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text.Length <= MaxAddressLength
            && at is > 0 and <= MaxLocalPartLength
            && IsLocalPart(text.AsSpan(0, at))
            && DomainName.ToAscii(text[(at + 1)..]) is { } domain
            && at + 1 + domain.Length <= MaxAddressLength;
    }

    private static string FoldCase(string text) => text.ToUpperInvariant().ToLowerInvariant();

    private static bool IsLocalPart(ReadOnlySpan<char> local) =>
        local[0] != '.' && local[^1] != '.' && local.IndexOf("..") < 0 && IsAll(local, IsAtomCharacter);

    private static bool IsAtomCharacter(char c) =>
        c < 128 ? char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal) : IsPrintable(c);

    private static bool IsPrintable(char c) =>
        char.IsSurrogate(c)
        || !(
            char.IsControl(c)
            || char.IsWhiteSpace(c)
            || char.GetUnicodeCategory(c)
                is System.Globalization.UnicodeCategory.Format
                    or System.Globalization.UnicodeCategory.PrivateUse
                    or System.Globalization.UnicodeCategory.OtherNotAssigned
        );

    private static bool IsAll(ReadOnlySpan<char> text, Func<char, bool> allowed)
    {
        foreach (var c in text)
        {
            if (!allowed(c))
            {
                return false;
            }
        }

        return true;
    }
}
