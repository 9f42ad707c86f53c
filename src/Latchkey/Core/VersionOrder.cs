using System.Globalization;

namespace Latchkey.Core;

/// <summary>The order of versions such as <c>0.1.0-alpha.0.12</c> (Semantic Versioning 2.0.0, section 11).</summary>
public sealed class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder Instance = new();

    private VersionOrder() { }

    public int Compare(string? x, string? y)
    {
        var (numbers, label) = Split(x ?? "");
        var (otherNumbers, otherLabel) = Split(y ?? "");
        var order = CompareParts(numbers, otherNumbers);
        return order != 0 ? order
            : label.Length == 0 || otherLabel.Length == 0 ? otherLabel.Length.CompareTo(label.Length) // a release is after its pre-releases
            : CompareParts(label, otherLabel);
    }

    private static (string Numbers, string Label) Split(string version)
    {
        var dash = version.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? (version, "") : (version[..dash], version[(dash + 1)..]);
    }

    private static int CompareParts(string left, string right)
    {
        var (lefts, rights) = (left.Split('.'), right.Split('.'));
        return lefts.Zip(rights, ComparePart).FirstOrDefault(order => order != 0, lefts.Length.CompareTo(rights.Length));
    }

    /// <summary>Numbers are before words.</summary>
    private static int ComparePart(string left, string right) =>
        (TryParse(left, out var number), TryParse(right, out var other)) switch
        {
            (true, true) => number.CompareTo(other),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(left, right),
        };

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
