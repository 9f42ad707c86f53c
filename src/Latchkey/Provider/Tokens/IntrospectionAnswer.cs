using System.Text.Json;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>What introspection says of a token (RFC 7662 §2.2).</summary>
public sealed record IntrospectionAnswer
{
    /// <summary>Unknown, expired, revoked, or not for the one who asks: nobody learns which.</summary>
    public static IntrospectionAnswer Inactive { get; } = new();

    /// <summary>An access token; null for a refresh token, and for one that is not active.</summary>
    public ProviderAccessToken? Access { get; init; }

    /// <summary>The grant of an access token of a user, or of a refresh token.</summary>
    public GrantedSession? Found { get; init; }

    public string Issuer { get; init; } = "";

    public void Write(Utf8JsonWriter json)
    {
        json.WriteBoolean("active"u8, Access is not null || Found is not null);
        if (Access is { } token)
        {
            WriteAccess(json, token);
        }
        else if (Found is { Grant: var grant, Session: var session, User: var user })
        {
            json.WriteString("client_id"u8, grant.Client);
            json.WriteString("username"u8, user.Handle);
            json.WriteString("sub"u8, user.Id);
            json.WriteString("iss"u8, Issuer);
            json.WriteString("scope"u8, grant.Scope);
            json.WriteNumber("iat"u8, grant.CreatedAt / 1000);
            json.WriteNumber("exp"u8, session.NextEnd / 1000);
        }
    }

    private void WriteAccess(Utf8JsonWriter json, ProviderAccessToken token)
    {
        if (Found is { User: var user })
        {
            json.WriteString("username"u8, user.Handle);
        }

        json.WriteString("token_type"u8, token.TokenType);
        AccessTokens.WriteClaims(json, Issuer, token);
    }
}
