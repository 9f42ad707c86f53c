using System.Text.Json;

namespace Latchkey.Provider.Tokens;

/// <summary>A successful answer of the token endpoint (RFC 6749 §5.1).</summary>
public sealed record TokenAnswer
{
    public required string AccessToken { get; init; }

    /// <summary>Bearer or DPoP.</summary>
    public required string TokenType { get; init; }

    /// <summary>Seconds.</summary>
    public required long ExpiresIn { get; init; }

    /// <summary>The scopes of the access token, with spaces between them.</summary>
    public required string Scope { get; init; }

    public string? RefreshToken { get; init; }

    public string? IdToken { get; init; }

    /// <summary>Only of a token exchange (RFC 8693 §2.2.1).</summary>
    public string? IssuedTokenType { get; init; }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("access_token"u8, AccessToken);
        json.WriteString("token_type"u8, TokenType);
        json.WriteNumber("expires_in"u8, ExpiresIn);
        if (Scope.Length > 0)
        {
            json.WriteString("scope"u8, Scope);
        }

        WriteIfAny(json, "refresh_token", RefreshToken);
        WriteIfAny(json, "id_token", IdToken);
        WriteIfAny(json, "issued_token_type", IssuedTokenType);
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
