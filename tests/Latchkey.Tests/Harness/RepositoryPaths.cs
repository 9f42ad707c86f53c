namespace Latchkey.Tests.Harness;

/// <summary>Where things are on this machine.</summary>
public static class RepositoryPaths
{
    public static string Root { get; } = FindFolderAbove(AppContext.BaseDirectory, "Latchkey.slnx");

    /// <summary>The recorded cases of the wire contract, and published test vectors.</summary>
    public static string TestData { get; } = Path.Combine(Root, "tests", "TestData");

    public static string Program { get; } = Path.Combine(Root, ".build", "latchkey", "latchkey");

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
