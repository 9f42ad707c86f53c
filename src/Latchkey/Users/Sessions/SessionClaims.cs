using System.Text.Json;

namespace Latchkey.Users.Sessions;

/// <summary>The claims that say when and how a user signed in.</summary>
public static class SessionClaims
{
    /// <summary>Writes <c>auth_time</c>, <c>amr</c> and <c>acr</c>.</summary>
    /// <param name="claims">Inside an object.</param>
    /// <param name="authenticatedAt">In unix seconds.</param>
    /// <param name="methods">As <see cref="Session.Methods"/>.</param>
    public static void Write(Utf8JsonWriter claims, long authenticatedAt, string methods)
    {
        claims.WriteNumber("auth_time"u8, authenticatedAt);
        claims.WriteStartArray("amr"u8);
        foreach (var method in AuthenticationMethods.Read(methods))
        {
            claims.WriteStringValue(method);
        }

        claims.WriteEndArray();
        claims.WriteString("acr"u8, AuthenticationMethods.LevelOf(methods));
    }
}
