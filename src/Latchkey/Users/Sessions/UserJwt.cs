using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>The user JWT, which an app's backend verifies with the application's public key.</summary>
public sealed class UserJwt(InstallationSettings installation, TimeProvider clock)
{
    public string Write(Application application, User user, Session session) =>
        Jwt.Write(application.SigningKey, "JWT", claims => WriteClaims(claims, application, user, session));

    private void WriteClaims(Utf8JsonWriter claims, Application application, User user, Session session)
    {
        var settings = application.Settings;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        claims.WriteString("iss"u8, installation.IssuerOf(application.Id));
        claims.WriteString("aud"u8, settings.RealmAppId.Length > 0 ? settings.RealmAppId : "none");
        claims.WriteString("sub"u8, user.Handle);
        claims.WriteString("uid"u8, user.Id);
        claims.WriteNumber("iat"u8, now);
        claims.WriteNumber("exp"u8, now + (long)settings.UserJwtLifetime.TotalSeconds);
        claims.WriteString("jti"u8, Ids.New(clock));
        claims.WriteBoolean("email_verified"u8, user.EmailVerified);
        if (settings.SessionMode == SessionMode.Refresh)
        {
            WriteSession(claims, session);
        }

        var carriesEmail = settings.MetaDataEmail && !user.Anonymous;
        if (carriesEmail)
        {
            claims.WriteString("email"u8, user.Handle);
        }

        if (settings.UserNamesEnabled && user.UserName is { } name)
        {
            claims.WriteString("userName"u8, name);
        }

        WriteMetadata(claims, Metadata.Claims(settings, user), settings.SessionMode, carriesEmail);
    }

    private static void WriteSession(Utf8JsonWriter claims, Session session)
    {
        claims.WriteString("sid"u8, session.PublicId);
        SessionClaims.Write(claims, session.AuthenticatedAt / 1000, session.Methods);
    }

    /// <summary>
    /// Metadata fields cannot use a reserved claim's path (refused when saved); an imported definition that does is skipped here.
    /// </summary>
    private static void WriteMetadata(Utf8JsonWriter claims, JsonObject? document, SessionMode mode, bool emailWritten)
    {
        foreach (var (name, value) in document ?? [])
        {
            if (
                value is not null
                && !MetadataFields.ReservedClaims.Contains(name)
                && !(mode == SessionMode.Refresh && MetadataFields.SessionClaims.Contains(name))
                && !(emailWritten && name == MetadataField.EmailFieldName)
            )
            {
                claims.WritePropertyName(name);
                value.WriteTo(claims);
            }
        }
    }
}
