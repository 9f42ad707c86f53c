using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latchkey.Cli;

/// <summary>JSON as the commands print it: indented, with every script readable.</summary>
public static class CliJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            content(json);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>A list: an object for each item, with what <paramref name="properties"/> writes into it.</summary>
    public static string WriteList<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> properties) =>
        Write(json =>
        {
            json.WriteStartArray();
            foreach (var item in items)
            {
                json.WriteStartObject();
                properties(json, item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
}
