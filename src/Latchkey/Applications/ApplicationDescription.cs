using System.Text.Json;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Applications;

/// <summary>Writes the response of getApplication: exactly the contract's fields in its order, never a key or an address.</summary>
public static class ApplicationDescription
{
    private const string CompatibleVersion = "1.0.1";

    public static byte[] Write(Application application)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, application);
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Application application)
    {
        var settings = application.Settings;
        var flag =
            settings.BooleanFormat == BooleanFormat.Boolean
                ? (Action<string, bool>)json.WriteBoolean
                : (name, on) => json.WriteNumber(name, on ? 1 : 0);

        json.WriteStartObject();
        json.WriteString("name", application.Row.Name);
        json.WriteString("twoFactorVerification", settings.TwoFactorVerification.ToName());
        flag("passwordFilter", settings.PasswordFilter);
        json.WriteNumber("passwordMinLength", settings.PasswordMinLength);
        json.WriteNumber("passwordMinUpper", settings.PasswordMinUpper);
        json.WriteNumber("passwordMinLower", settings.PasswordMinLower);
        json.WriteNumber("passwordMinDigit", settings.PasswordMinDigit);
        json.WriteNumber("passwordMinSpecial", settings.PasswordMinSpecial);
        json.WriteStartObject("appData");
        json.WriteString("CosyncJWTVersion", CompatibleVersion);
        json.WriteEndObject();
        json.WriteString("realmAppId", settings.RealmAppId);
        flag("signupEnabled", settings.SignupEnabled);
        WriteFields(json, "metaData", settings.MetaData, flag);
        WriteFields(json, "metaDataInvite", settings.MetaDataInvite, flag);
        flag("metaDataEmail", settings.MetaDataEmail);
        json.WriteString("signupFlow", settings.SignupFlow.ToName());
        json.WriteNumber("userJWTExpiration", (int)Math.Ceiling(settings.UserJwtLifetime.TotalHours));
        flag("invitationEnabled", settings.InvitationEnabled);
        flag("jwtEnabled", settings.JwtEnabled);
        flag("userNamesEnabled", settings.UserNamesEnabled);
        flag("emailExtension", settings.EmailExtension);
        flag("anonymousLoginEnabled", settings.AnonymousLoginEnabled);
        flag("appleLoginEnabled", settings.AppleLoginEnabled);
        flag("googleLoginEnabled", settings.GoogleLoginEnabled);
        json.WriteString("status", application.Status);
        json.WriteStartArray("locales");
        foreach (var locale in settings.Locales)
        {
            json.WriteStringValue(locale);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, string name, IReadOnlyList<MetadataField> fields, Action<string, bool> flag)
    {
        json.WriteStartArray(name);
        foreach (var field in fields)
        {
            json.WriteStartObject();
            json.WriteString("path", field.Path);
            flag("canEdit", field.CanEdit);
            flag("required", field.Required);
            json.WriteString("fieldName", field.FieldName);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
