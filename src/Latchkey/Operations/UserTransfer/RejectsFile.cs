using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Writes the rejected rows as JSON lines with line number, reason and the row. Readable by its owner only, because it may contain
/// hashes.
/// </summary>
public sealed class RejectsFile(string path) : IDisposable
{
    private const int MaxRowLength = 64 * 1024;
    private FileStream? file;

    public string Path { get; } = path;

    public void Add(RejectedRow refused)
    {
        file ??= Create();
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteNumber("line", refused.Row.Line);
            json.WriteString("reason", refused.Problem);
            json.WriteString("row", Strings.Truncate(refused.Row.Text(), MaxRowLength));
            json.WriteEndObject();
        }

        file.Write("\n"u8);
    }

    public void Dispose() => file?.Dispose();

    private FileStream Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path, options);
    }
}
