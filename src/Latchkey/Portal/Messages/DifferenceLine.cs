using System.Globalization;

namespace Latchkey.Portal.Messages;

/// <summary>A line of a <see cref="TextDifference"/>.</summary>
/// <param name="Parts">The line's text, cut where changed words begin and end.</param>
public sealed record DifferenceLine(DifferenceKind Kind, IReadOnlyList<DifferencePart> Parts)
{
    /// <summary>The sign in front of it, as patches have it.</summary>
    public string Sign =>
        Kind switch
        {
            DifferenceKind.Removed => "- ",
            DifferenceKind.Added => "+ ",
            _ => "  ",
        };

    /// <summary>Stands for this many equal lines.</summary>
    public static DifferenceLine Folded(int lines) =>
        new(
            DifferenceKind.Folded,
            [new DifferencePart(string.Create(CultureInfo.InvariantCulture, $"{lines} equal lines"), IsChanged: false)]
        );
}
