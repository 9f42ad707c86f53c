using System.Text;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Detects a file's format from its content.</summary>
public static class FileFormat
{
    public const string Csv = "csv";
    public const string Json = "json";

    private const int MaxBeginning = 64;

    private static readonly (string Beginning, string Sentence)[] Others =
    [
        ("PK\x03\x04", "The file is a spreadsheet or a zip archive. Save the spreadsheet as CSV (UTF-8), or unpack the archive first."),
        ("\x1F\x8B", "The file is compressed. Unpack it first, for example: gunzip FILE"),
        (
            "SQLite format 3",
            "The file is a SQLite database. Write its table first: sqlite3 -header -csv FILE 'SELECT * FROM users' > users.csv"
        ),
        ("<", "The file is XML or HTML. Export the users as CSV or JSON."),
        ("PGDMP", SqlDump),
        (
            "[\n{\"type\":\"header\"",
            "The file is JSON as phpMyAdmin writes it. Export the table of users as CSV, with the names of the columns in the first row."
        ),
        ("--", SqlDump),
        ("/*", SqlDump),
        ("INSERT INTO", SqlDump),
        ("CREATE TABLE", SqlDump),
        ("DROP TABLE", SqlDump),
    ];

    private const string SqlDump = "The file is a dump of a database. Export the table of users as CSV or JSON instead.";

    /// <exception cref="UnreadableSourceException">The file is empty, or in a format that is not supported.</exception>
    public static string Detect(string path)
    {
        var bytes = new byte[MaxBeginning];
        using var stream = SourceText.Open(path);
        var beginning = Encoding.Latin1.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        if (Array.Find(Others, other => beginning.StartsWith(other.Beginning, StringComparison.OrdinalIgnoreCase)).Sentence is { } sentence)
        {
            throw new UnreadableSourceException(sentence);
        }

        return beginning.TrimStart() switch
        {
            "" => throw new UnreadableSourceException("The file is empty."),
            ['{' or '[', ..] => Json,
            _ => Csv,
        };
    }
}
