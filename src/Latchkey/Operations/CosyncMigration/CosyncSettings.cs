using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>Converts an application's settings from CosyncJWT. An unsupported value is noted and the default kept.</summary>
public sealed class CosyncSettings(KeyRing ring)
{
    private static readonly (string Old, string New)[] SettingNames =
    [
        .. new[]
        {
            "jwtEnabled",
            "anonymousLoginEnabled",
            "userNamesEnabled",
            "appleLoginEnabled",
            "appleBundleId",
            "googleLoginEnabled",
            "googleClientId",
            "emailExtension",
            "invitationEnabled",
            "signupEnabled",
            "signupFlow",
            "twoFactorVerification",
            "maxUsers",
            "maxLoginAttempts",
            "passwordFilter",
            "passwordMinLength",
            "passwordMinUpper",
            "passwordMinLower",
            "passwordMinDigit",
            "passwordMinSpecial",
            "userJWTExpiration",
            "realmAppId",
            "metaDataEmail",
        }.Select(name => (name, name)),
        ("emailExtensionSenderEmail", "mailFrom"),
        ("googleAppName", "googleHeading"),
    ];

    private static readonly (string Old, string New)[] SecretNames =
    [
        ("emailExtensionAPIKey", "sendgridKey"),
        ("TWILIOAccountSid", "twilioAccountSid"),
        ("TWILIOToken", "twilioAuthToken"),
        ("TWILIOPhoneNumber", "twilioPhoneNumber"),
    ];

    public ApplicationSettings Read(string appId, CosyncRecord app, CosyncEncryption encryption, Action<string> note)
    {
        // The old server accepts common passwords, and two of the three SDKs show their refusal as an internal error.
        // What new applications have for safety and its apps do not know is off too.
        var settings = new ApplicationSettings
        {
            MailProvider = MailService.SendGrid,
            BlockCommonPasswords = false,
            ResetKeepsTwoFactor = false,
            SocialLoginTwoFactor = false,
            StepUpRequired = false,
            LinkingEnabled = false,
            AddressChangeEnabled = false,
        };
        foreach (var (old, name) in SettingNames)
        {
            settings = app[old] is { } text ? Set(settings, appId, name, text, note) : settings;
        }

        foreach (var (old, name) in SecretNames)
        {
            settings = app[old] is { } text ? SetSecret(settings, appId, name, encryption.DecryptField(text), note) : settings;
        }

        settings = Set(settings, appId, "locales", Locales(app), note);
        settings = WithFields(settings, app, "metaData", note);
        return WithFields(settings, app, "metaDataInvite", note);
    }

    private ApplicationSettings SetSecret(ApplicationSettings settings, string appId, string name, string? text, Action<string> note)
    {
        if (text is null)
        {
            note($"{name}: cannot be decrypted; enter it again");
            return settings;
        }

        return Set(settings, appId, name, text, note);
    }

    private ApplicationSettings Set(ApplicationSettings settings, string appId, string name, string text, Action<string> note)
    {
        var setting = SettingCatalog.Get(name);
        var value =
            setting.Kind == SettingKind.Secret && text.Length > 0 ? ring.Encrypt(ApplicationEditor.SecretPurpose(appId, name), text)
            : setting.Kind is SettingKind.Switch or SettingKind.Number or SettingKind.Hours ? TrimDecimal(text)
            : text;
        if (setting.Set(settings, value).Failed(out var next, out var refused))
        {
            note($"{name}: {refused.Message}");
        }

        return next ?? settings;
    }

    /// <summary>MongoDB writes some whole numbers as 1.0.</summary>
    private static string TrimDecimal(string text) => text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;

    private static string Locales(CosyncRecord app)
    {
        if (app.Json("locales") is not { } json)
        {
            return app["locales"] ?? "EN";
        }

        try
        {
            using var list = JsonDocument.Parse(json);
            return list.RootElement.ValueKind == JsonValueKind.Array
                ? string.Join(',', list.RootElement.EnumerateArray().Select(code => code.ToString()))
                : "EN";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return json.Trim('[', ']'); // [EN,FR] of a CSV
        }
    }

    /// <summary>Adds the fields one by one, so that an invalid one does not affect the others.</summary>
    private static ApplicationSettings WithFields(ApplicationSettings settings, CosyncRecord app, string name, Action<string> note)
    {
        if (app[name] is null or "[]")
        {
            return settings;
        }

        if (app.Json(name) is not { } json || MetadataFields.Parse(name, json) is not { Succeeded: true } fields)
        {
            note($"{name}: the export lost the definitions; define the fields again");
            return settings;
        }

        foreach (var field in fields.Value)
        {
            var with =
                name == "metaData"
                    ? settings with
                    {
                        MetaData = [.. settings.MetaData, field],
                    }
                    : settings with
                    {
                        MetaDataInvite = [.. settings.MetaDataInvite, field],
                    };
            if (SettingCatalog.Validate(with) is { } conflict)
            {
                note($"{name}: {field.Path}: {conflict.Message}");
            }
            else
            {
                settings = with;
            }
        }

        return settings;
    }
}
