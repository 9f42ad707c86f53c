using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>The header of a CSV file.</summary>
/// <param name="Lines">The number of rows before the first user.</param>
public sealed record CsvHeader(char Separator, IReadOnlyList<string> Names, int Lines)
{
    private const string ExcelHint = "sep=";

    /// <summary>
    /// Firebase exports no header (https://firebase.google.com/docs/cli/auth#file_format); the last columns can be missing.
    /// </summary>
    private static readonly string[] FirebaseNames =
    [
        "localId",
        "email",
        "emailVerified",
        "passwordHash",
        "salt",
        "displayName",
        "photoUrl",
        "googleId",
        .. FirebaseProfile("google"),
        "facebookId",
        .. FirebaseProfile("facebook"),
        "twitterId",
        .. FirebaseProfile("twitter"),
        "githubId",
        .. FirebaseProfile("github"),
        "createdAt",
        "lastSignedInAt",
        "phone",
        "disabled",
        "customAttributes",
    ];

    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>Reads the header with the separator that gives the most known names.</summary>
    /// <exception cref="UnreadableSourceException">There is no header.</exception>
    public static CsvHeader Read(string path, FieldMap map)
    {
        var header =
            Separators
                .Select(separator => TryRead(path, separator).Header)
                .OfType<CsvHeader>()
                .MaxBy(found => (found.Names.Count(name => map.Find(name.Trim()) is not null), found.Names.Count))
            ?? throw Unreadable(TryRead(path, ',').Row);
        if (IsFirebase(header.Names))
        {
            return header with { Names = [.. FirebaseNames.Take(header.Names.Count)], Lines = header.Lines - 1 };
        }

        return header.Names.Any(AddressFinder.IsAddress)
            ? throw new UnreadableSourceException(
                "The file has no header: its first line is a user. Insert a line with the names of the columns before it, such as "
                    + "handle,passwordHash,emailVerified"
            )
            : header;
    }

    private static (CsvHeader? Header, SourceRow? Row) TryRead(string path, char separator)
    {
        foreach (var (i, row) in CsvRows.Read(path, separator).Take(2).Index())
        {
            if (i == 0 && row.Cells is [var hint, ..] && hint.StartsWith(ExcelHint, StringComparison.OrdinalIgnoreCase))
            {
                separator = hint.Length > ExcelHint.Length ? hint[ExcelHint.Length] : separator;
                continue;
            }

            return (row.Problem is null ? new CsvHeader(separator, row.Cells, i + 1) : null, row);
        }

        return (null, null);
    }

    private static UnreadableSourceException Unreadable(SourceRow? first) =>
        first switch
        {
            null => new UnreadableSourceException("The file is empty. Its first line must contain the column names."),
            { Problem: CsvRows.NotUtf8 } => UnreadableSourceException.NotUtf8(first.Line),
            _ => new UnreadableSourceException(
                $"The first line of the file must contain the column names, but it cannot be read: {first.Problem}."
            ),
        };

    private static bool IsFirebase(IReadOnlyList<string> cells) =>
        cells.Count >= FirebaseNames.Length - 2
        && cells.Count <= FirebaseNames.Length
        && ImportText.Flag(cells[2]) is not null
        && ImportTime.Read(cells[Array.IndexOf(FirebaseNames, "createdAt")]) is not null;

    private static string[] FirebaseProfile(string provider) => [$"{provider}Email", $"{provider}DisplayName", $"{provider}PhotoUrl"];
}
