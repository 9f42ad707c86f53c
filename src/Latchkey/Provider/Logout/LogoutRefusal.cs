using System.Text.Json;
using Latchkey.Cryptography;

namespace Latchkey.Provider.Logout;

/// <summary>What a client says when it does not take a logout token (OpenID Connect Back-Channel Logout §2.8).</summary>
public static class LogoutRefusal
{
    private const int MaxLength = 60;

    /// <summary>
    /// The member <c>error</c> of the body, if it looks like the code of an error; otherwise empty. Nothing else of the body is kept: it
    /// may be a page that the developer must not see.
    /// </summary>
    public static string Describe(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.GetStringOrNull("error") is { Length: > 0 and <= MaxLength } error
                && error.All(c => char.IsAsciiLetterLower(c) || c == '_')
                ? error
                : "";
        }
        catch (JsonException)
        {
            return ""; // no JSON, or cut off
        }
    }
}
