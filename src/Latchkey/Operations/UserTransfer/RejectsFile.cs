using System.Text.Json;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Writes the rejected rows as JSON lines with line number, reason and the row, to a new file or in place of an earlier one. Readable by
/// its owner only, because it may contain hashes.
/// </summary>
public sealed class RejectsFile : IDisposable
{
    private const int MaxRowLength = 64 * 1024;
    private readonly string fullPath;
    private OutputFile? file;

    /// <param name="path">The file; made with the first rejected row.</param>
    /// <exception cref="InvalidSettingException">The path is not the name of a file.</exception>
    public RejectsFile(string path) => (Path, fullPath) = (path, OutputFile.FullPath(path));

    public string Path { get; }

    public void Add(RejectedRow refused)
    {
        file ??= OutputFile.Create(fullPath, overwrite: true);
        using (var json = new Utf8JsonWriter(file.Content))
        {
            json.WriteStartObject();
            json.WriteNumber("line", refused.Row.Line);
            json.WriteString("reason", refused.Problem);
            json.WriteString("row", Strings.Truncate(refused.Row.Text(), MaxRowLength));
            json.WriteEndObject();
        }

        file.Content.Write("\n"u8);
    }

    /// <summary>Gives the file its name, if there were rejected rows.</summary>
    public void Publish() => file?.Publish();

    public void Dispose() => file?.Dispose();
}
