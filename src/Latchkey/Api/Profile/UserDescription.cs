using System.Buffers;
using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Api.Profile;

/// <summary>What getUser tells, in the contract's order; absent values are left out.</summary>
public static class UserDescription
{
    public static ReadOnlyMemory<byte> Write(Application application, User user)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, application, user);
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, Application application, User user)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, user.Status);
        json.WriteString("createdAt"u8, WireDate.Format(user.CreatedAt));
        json.WriteString("updatedAt"u8, WireDate.Format(user.UpdatedAt));
        json.WriteString("handle"u8, user.Handle);
        json.WriteString("locale"u8, user.Locale);
        if (user.UserName is { } name)
        {
            json.WriteString("userName"u8, name);
        }

        json.WriteBoolean("twoFactorPhoneVerification"u8, user.TwoFactorPhone);
        json.WriteBoolean("twoFactorGoogleVerification"u8, user.TwoFactorGoogle);
        json.WriteString("appId"u8, user.AppId);
        if ((user.Phone ?? user.PendingPhone) is { } phone)
        {
            json.WriteString("phone"u8, phone);
            json.WriteBoolean("phoneVerified"u8, user.Phone is not null);
        }

        if (Metadata.Document(application.Settings, user) is { } metadata)
        {
            json.WritePropertyName("metaData"u8);
            metadata.WriteTo(json);
        }

        json.WriteString("loginProvider"u8, user.LoginProvider);
        if (user.LastLoginAt is { } lastLogin)
        {
            json.WriteString("lastLogin"u8, WireDate.Format(lastLogin));
        }

        json.WriteEndObject();
    }
}
