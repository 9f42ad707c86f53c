using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Api.Server;

/// <summary>A user as servers see it.</summary>
public static class ServerUserJson
{
    public static byte[] Write(Application application, User user) => Json(json => Write(json, application, user));

    public static byte[] WritePage(Application application, IReadOnlyList<User> users, string? next) =>
        Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("users"u8);
            foreach (var user in users)
            {
                Write(json, application, user);
            }

            json.WriteEndArray();
            if (next is not null)
            {
                json.WriteString("next"u8, next);
            }

            json.WriteEndObject();
        });

    public static byte[] WriteVerified(Application application, VerifiedToken verified) =>
        Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, verified.Kind);
            json.WritePropertyName("claims"u8);
            verified.Claims.WriteTo(json);
            json.WritePropertyName("user"u8);
            Write(json, application, verified.User);
            json.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter json, Application application, User user)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, user.Id);
        json.WriteString("handle"u8, user.Handle);
        Optional(json, "userName", user.UserName);
        json.WriteString("status"u8, user.Status);
        json.WriteBoolean("locked"u8, user.IsLocked(application.Settings));
        json.WriteString("origin"u8, user.Origin);
        json.WriteString("loginProvider"u8, user.LoginProvider);
        json.WriteString("locale"u8, user.Locale);
        json.WriteBoolean("emailVerified"u8, user.EmailVerified);
        Optional(json, "phone", user.Phone);
        json.WriteBoolean("twoFactorPhoneVerification"u8, user.TwoFactorPhone);
        json.WriteBoolean("twoFactorGoogleVerification"u8, user.TwoFactorGoogle);
        json.WritePropertyName("metaData"u8);
        (Metadata.Claims(application.Settings, user) ?? []).WriteTo(json);
        json.WriteString("createdAt"u8, WireDate.Format(user.CreatedAt));
        json.WriteString("updatedAt"u8, WireDate.Format(user.UpdatedAt));
        Optional(json, "lastLogin", user.LastLoginAt is { } at ? WireDate.Format(at) : null);
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static byte[] Json(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            content(json);
        }

        return buffer.ToArray();
    }
}
