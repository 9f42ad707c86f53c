namespace Latchkey.Tests.Harness;

/// <summary>Where things are on this machine.</summary>
public static class RepositoryPaths
{
    private const string ProgramVariable = "LATCHKEY_TEST_PROGRAM";

    public static string Root { get; } = FindFolderAbove(AppContext.BaseDirectory, "Latchkey.slnx");

    /// <summary>The recorded cases of the wire contract, and published test vectors.</summary>
    public static string TestData { get; } = Path.Combine(Root, "tests", "TestData");

    /// <summary>The program under test. <c>./test --fast</c> names the one of its Debug build.</summary>
    public static string Program { get; } =
        Environment.GetEnvironmentVariable(ProgramVariable) ?? Path.Combine(Root, ".build", "latchkey", "latchkey");

    /// <summary>Whether somebody else has built the program.</summary>
    public static bool IsProgramGiven { get; } = Environment.GetEnvironmentVariable(ProgramVariable) is not null;

    private static string FindFolderAbove(string folder, string holding)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, holding)))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above {folder} holds {holding}");
    }
}
