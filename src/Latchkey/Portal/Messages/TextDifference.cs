using DiffPlex.Chunkers;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Latchkey.Portal.Messages;

/// <summary>The difference of two texts, line by line and, where a line was changed, word by word.</summary>
public static class TextDifference
{
    /// <summary>Of each text. The time to compare grows with the square of what differs.</summary>
    public const int MaxLines = 2000;

    /// <summary>Of a line that is compared word by word, in characters.</summary>
    private const int MaxLineLength = 400;

    /// <summary>How many equal lines are shown before and after others.</summary>
    private const int Context = 2;

    private static readonly DelimiterChunker Words = new([' ', '\t', '<', '>', '=', '"', '\'', ';', ':', ',', '.', '(', ')', '%']);

    /// <summary>The lines to show, where equal lines far from others are folded; null for texts that are too long to compare.</summary>
    public static IReadOnlyList<DifferenceLine>? Compare(string before, string after)
    {
        if (CountLines(before) > MaxLines || CountLines(after) > MaxLines)
        {
            return null;
        }

        var lines = InlineDiffBuilder.Diff(before, after, ignoreWhiteSpace: false).Lines;
        var shown = new List<DifferenceLine>();
        for (var at = 0; at < lines.Count; )
        {
            var isEqual = lines[at].Type == ChangeType.Unchanged;
            var end = at;
            while (end < lines.Count && lines[end].Type == ChangeType.Unchanged == isEqual)
            {
                end++;
            }

            var run = lines.GetRange(at, end - at);
            shown.AddRange(isEqual ? Fold(run, at == 0, end == lines.Count) : Mark(run));
            at = end;
        }

        return shown;
    }

    private static int CountLines(string text) => text.AsSpan().Count('\n') + 1;

    private static IEnumerable<DifferenceLine> Fold(List<DiffPiece> run, bool isFirst, bool isLast)
    {
        var (head, tail) = (isFirst ? 0 : Context, isLast ? 0 : Context);
        var folded = run.Count - head - tail;
        return folded > 1
            ? [.. run.Take(head).Select(Whole), DifferenceLine.Folded(folded), .. run.TakeLast(tail).Select(Whole)]
            : run.Select(Whole);
    }

    /// <summary>Removed and added lines; the first removed is compared with the first added, and so on.</summary>
    private static IEnumerable<DifferenceLine> Mark(List<DiffPiece> run)
    {
        DiffPiece[] removed = [.. run.Where(line => line.Type == ChangeType.Deleted)];
        DiffPiece[] added = [.. run.Where(line => line.Type == ChangeType.Inserted)];
        var pairs = removed.Zip(added, CompareWords).ToList();
        return
        [
            .. pairs.Select(pair => pair.Removed),
            .. removed.Skip(pairs.Count).Select(Whole),
            .. pairs.Select(pair => pair.Added),
            .. added.Skip(pairs.Count).Select(Whole),
        ];
    }

    private static (DifferenceLine Removed, DifferenceLine Added) CompareWords(DiffPiece removed, DiffPiece added)
    {
        if (removed.Text.Length > MaxLineLength || added.Text.Length > MaxLineLength)
        {
            return (Whole(removed), Whole(added));
        }

        var words = InlineDiffBuilder.Diff(removed.Text, added.Text, ignoreWhiteSpace: false, chunker: Words).Lines;
        return (Parts(DifferenceKind.Removed, ChangeType.Deleted), Parts(DifferenceKind.Added, ChangeType.Inserted));

        DifferenceLine Parts(DifferenceKind kind, ChangeType own)
        {
            var parts = new List<DifferencePart>();
            foreach (var word in words.Where(word => word.Type == own || word.Type == ChangeType.Unchanged))
            {
                var isChanged = word.Type == own;
                if (parts is [.., var last] && last.IsChanged == isChanged)
                {
                    parts[^1] = last with { Text = last.Text + word.Text };
                }
                else
                {
                    parts.Add(new DifferencePart(word.Text, isChanged));
                }
            }

            return new DifferenceLine(kind, parts);
        }
    }

    private static DifferenceLine Whole(DiffPiece line) =>
        new(
            line.Type switch
            {
                ChangeType.Deleted => DifferenceKind.Removed,
                ChangeType.Inserted => DifferenceKind.Added,
                _ => DifferenceKind.Equal,
            },
            [new DifferencePart(line.Text, IsChanged: false)]
        );
}
