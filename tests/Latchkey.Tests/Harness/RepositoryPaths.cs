namespace Latchkey.Tests.Harness;

/// <summary>Where things are on this machine.</summary>
public static class RepositoryPaths
{
    public static string Root { get; } = FindFolderAbove(AppContext.BaseDirectory, "Latchkey.slnx");

    /// <summary>The folder of the contract and the published vectors, beside the clone.</summary>
    public static string Shared { get; } = Path.Combine(FindFolderAbove(Root, Path.Combine("shared", "contract", "cases.json")), "shared");

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
