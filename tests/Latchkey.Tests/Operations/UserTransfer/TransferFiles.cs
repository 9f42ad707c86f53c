namespace Latchkey.Tests.Operations.UserTransfer;

/// <summary>Imports of files that a test writes, and exports that it reads.</summary>
internal static class TransferFiles
{
    public static string In(App app, string name) => Path.Combine(app.Installation.DataFolder, $"{app.Id}-{name}");

    /// <summary>Imports this text; the extension tells the format.</summary>
    public static async Task<CommandResult> Import(this App app, string name, string text, params string[] options)
    {
        await File.WriteAllTextAsync(In(app, name), text);
        return await app.Installation.Run(["user", "import", app.Id, In(app, name), .. options]);
    }

    /// <summary>A file in the form of another system's export.</summary>
    public static string Sample(string name) => Path.Combine(RepositoryPaths.TestData, "import-samples", name);

    /// <summary>The options that a refused import prints for its reader to paste.</summary>
    public static string ProposedOptions(this CommandResult refused) =>
        refused.Error.Split('\n').Single(line => line.StartsWith("  --map", StringComparison.Ordinal));

    /// <summary>Imports a file that is there already, by a line of a shell in which these options stand as they are.</summary>
    public static Task<string> PasteImport(this App app, string name, params string[] options) =>
        ChildProcess.Run(
            "bash",
            "-c",
            $"'{RepositoryPaths.Program}' user import {app.Id} '{In(app, name)}' --data '{app.Installation.DataFolder}' "
                + $"--database '{app.Installation.DatabaseConnection}' {string.Join(' ', options)} 2>&1"
        );

    /// <summary>The text of an export.</summary>
    public static async Task<string> Export(this App app, string format, params string[] options) =>
        new StreamReader(new MemoryStream(await app.ExportBytes(format, options))).ReadToEnd();

    /// <summary>As <see cref="Export"/>, with what a reader of text passes over.</summary>
    public static async Task<byte[]> ExportBytes(this App app, string format, params string[] options)
    {
        var file = In(app, $"export-{Path.GetRandomFileName()}");
        (await app.Installation.Run(["user", "export", app.Id, "--format", format, "--output", file, .. options])).ShouldSucceed();
        return await File.ReadAllBytesAsync(file);
    }

    public static Task<long> Users(this App app) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id });

    /// <summary>The numbers of an import's summary: rows, added, updated, skipped, bad.</summary>
    public static long[] Numbers(this CommandResult printed) =>
        [
            .. printed.Output[printed.Output.IndexOf('{', StringComparison.Ordinal)..] is var json
                ? System.Text.Json.JsonDocument.Parse(json).RootElement.EnumerateObject().Select(number => number.Value.GetInt64())
                : [],
        ];
}
