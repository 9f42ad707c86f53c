using System.Text.Json;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Finds the property of a JSON document that contains the users, such as <c>{"users": […]}</c>.</summary>
public static class JsonUserList
{
    private static readonly string[] Names =
    [
        "users",
        "identities",
        "accounts",
        "members",
        "results",
        "items",
        "data",
        "records",
        "rows",
        "documents",
    ];

    public static bool IsName(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The property with a list of objects: one with a common name, or the first property. Null when there is none, or when the document is
    /// itself a user.
    /// </summary>
    public static string? Find(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document, isFinalBlock: true, JsonDocumentReader.Start);
        reader.Read();
        (string? Usual, string? First) found = default;
        for (var isFirst = true; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; isFirst = false)
        {
            var name = reader.GetString() ?? "";
            if (ColumnAliases.IsHandleOrUserName(name))
            {
                return null;
            }

            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray && StartsWithObject(reader))
            {
                found = (found.Usual ?? (IsName(name) ? name : null), isFirst ? name : found.First);
            }

            reader.Skip();
        }

        return found.Usual ?? found.First;
    }

    private static bool StartsWithObject(Utf8JsonReader array) => array.Read() && array.TokenType == JsonTokenType.StartObject;
}
