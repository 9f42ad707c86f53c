namespace Latchkey.Billing;

/// <summary>
/// How a language writes decimal numbers, after Unicode CLDR. It is a table of our own so that an invoice looks the same on every server,
/// whatever language data the system has.
/// </summary>
public sealed record NumberText
{
    private const string NarrowSpace = "\u202F";
    private static readonly NumberText PointDecimal = new(",", ".");
    private static readonly NumberText CommaDecimal = new(".", ",");
    private static readonly NumberText SpacedComma = new(NarrowSpace, ",");

    private NumberText(string group, string point) => (Group, Point) = (group, point);

    public string Group { get; }

    public string Point { get; }

    /// <param name="language">A code of <see cref="Messages.Templates.Languages"/>, such as PT-BR.</param>
    public static NumberText Of(string language) =>
        language switch
        {
            "ES-419" or "ES-MX" => PointDecimal,
            "PT-BR" => CommaDecimal,
            _ => OfPrimary(language.Split('-')[0]),
        };

    /// <summary>Writes decimal text with a point in this way: 1234.5 as 1,234.5.</summary>
    public string Write(string decimalText)
    {
        var sign = decimalText.StartsWith('-') ? "-" : "";
        var parts = decimalText[sign.Length..].Split('.');
        var first = (parts[0].Length - 1) % 3 + 1;
        var groups = new List<string> { parts[0][..first] };
        for (var at = first; at < parts[0].Length; at += 3)
        {
            groups.Add(parts[0][at..(at + 3)]);
        }

        return sign + string.Join(Group, groups) + (parts.Length > 1 ? Point + parts[1] : "");
    }

    private static NumberText OfPrimary(string code) =>
        code switch
        {
            "AZ"
            or "BS"
            or "CA"
            or "DA"
            or "DE"
            or "EL"
            or "ES"
            or "EU"
            or "GL"
            or "HR"
            or "ID"
            or "IS"
            or "IT"
            or "LO"
            or "MK"
            or "NL"
            or "RO"
            or "SL"
            or "SR"
            or "TR"
            or "VI" => CommaDecimal,
            "AF"
            or "BE"
            or "BG"
            or "CS"
            or "ET"
            or "FI"
            or "FR"
            or "HU"
            or "HY"
            or "KA"
            or "KK"
            or "LT"
            or "LV"
            or "NO"
            or "PL"
            or "PT"
            or "RU"
            or "SK"
            or "SQ"
            or "SV"
            or "UK"
            or "UZ" => SpacedComma,
            _ => PointDecimal,
        };
}
