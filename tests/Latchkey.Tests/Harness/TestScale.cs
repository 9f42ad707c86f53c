namespace Latchkey.Tests.Harness;

/// <summary>
/// The size of a drill: short by default, long with <c>./test --long</c>; and the figures it measured, which
/// <c>docs/security.md</c> shows.
/// </summary>
public static class TestScale
{
    /// <summary>Set to anything for the long drills.</summary>
    public const string LongVariable = "LATCHKEY_TEST_LONG";

    /// <summary>A file that takes a line for each figure.</summary>
    public const string FiguresVariable = "LATCHKEY_TEST_FIGURES";

    private static readonly Lock Writing = new();

    public static bool IsLong { get; } = Environment.GetEnvironmentVariable(LongVariable) is { Length: > 0 };

    /// <summary>How often, how many: a small number for every day, the number of the bar for the long run.</summary>
    public static int Size(int shortRun, int longRun) => IsLong ? longRun : shortRun;

    /// <summary>Keeps a figure of one row of the security bar, such as <c>(13, "1,000 rounds, 1 user each")</c>.</summary>
    public static void RecordFigure(int row, string figure)
    {
        var line = $"{row}\t{(Engine.IsPostgres ? "PostgreSQL" : "SQLite")}\t{TestContext.Current.TestMethod?.MethodName}\t{figure}";
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable(FiguresVariable) is { Length: > 0 } file)
        {
            lock (Writing)
            {
                File.AppendAllLines(file, [line]);
            }
        }
    }
}
