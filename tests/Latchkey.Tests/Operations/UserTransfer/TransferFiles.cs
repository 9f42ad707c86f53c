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

    public static async Task<string> Export(this App app, string format, params string[] options)
    {
        var file = In(app, $"export-{Path.GetRandomFileName()}");
        (await app.Installation.Run(["user", "export", app.Id, "--format", format, "--output", file, .. options])).ShouldSucceed();
        return await File.ReadAllTextAsync(file);
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
