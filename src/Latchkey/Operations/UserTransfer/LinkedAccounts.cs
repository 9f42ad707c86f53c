using System.Text.Json;
using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Reads a user's social accounts in the formats of Firebase, Auth0, Keycloak, Clerk, Cognito, Kratos and Supabase.</summary>
public static class LinkedAccounts
{
    private static readonly string[] Google = ["google", "googlecom", "googleoauth2", "accountsgooglecom", "oauthgoogle"];
    private static readonly string[] Apple = ["apple", "applecom", "appleid", "appleidapplecom", "signinwithapple", "oauthapple"];
    private static readonly string[] Own =
    [
        "",
        "auth0",
        "cognito",
        "credentials",
        "database",
        "email",
        "emailpassword",
        "firebase",
        "local",
        "none",
        "password",
        "phone",
        "site",
        "sms",
        "username",
    ];

    /// <summary>
    /// Reads the accounts of supported providers: the first is the one that the user signs in with, and the others are linked.
    /// </summary>
    public static void Read(RowValues values, JsonElement list)
    {
        foreach (var account in list.EnumerateArray().Where(account => account.ValueKind == JsonValueKind.Object))
        {
            var provider = JsonScalar.Text(account, "providerId", "provider", "providerName", "identityProvider");
            if (provider == "phone" && JsonScalar.Text(account, "phoneNumber") is { } verified)
            {
                values.AddVerified([verified]); // Firebase: the user logs in with it
            }

            Add(values, provider, Subject(account));
        }
    }

    /// <summary>The user's id at the provider. In Supabase's accounts, user_id and identity_id are Supabase's own.</summary>
    private static string? Subject(JsonElement account)
    {
        var data = JsonScalar.Object(account, "identity_data");
        return data is null && JsonScalar.Text(account, "identity_id") is null
            ? JsonScalar.Text(account, "rawId", "user_id", "provider_user_id", "userId", "subject", "provider_id", "sub", "id", "uid")
            : (data is { } known ? JsonScalar.Text(known, "sub") : null) ?? JsonScalar.Text(account, "provider_id", "id");
    }

    /// <summary>
    /// Reads the linked accounts of an export. A provider that is neither Apple nor Google keeps its alias, for <see cref="RowValidator"/>.
    /// </summary>
    public static void ReadLinked(RowValues values, JsonElement list)
    {
        foreach (var account in list.EnumerateArray())
        {
            var (name, subject) =
                account.ValueKind == JsonValueKind.Object
                    ? (JsonScalar.Text(account, "provider") ?? "", JsonScalar.Text(account, "subject"))
                    : ("", null);
            if (ParseProvider(name) is "" || subject is null)
            {
                values.Note($"{UserFields.Name(UserField.LinkedIdentities)}: one without provider or subject is omitted");
            }
            else
            {
                values.Linked.Add(new ProviderAccount(ParseProvider(name) ?? name, subject));
            }
        }
    }

    /// <summary>Reads a list that is JSON text. Returns false when it is not a list.</summary>
    public static bool TryRead(RowValues values, string text, Action<RowValues, JsonElement> read)
    {
        try
        {
            var list = JsonElement.Parse(text);
            if (list.ValueKind == JsonValueKind.Array)
            {
                read(values, list);
            }

            return list.ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static void Add(RowValues values, string? provider, string? subject)
    {
        var name = ParseProvider(provider ?? "");
        if (name is null or "")
        {
            values.HasOtherAccount |= name is null;
        }
        else if (values.Account is null)
        {
            values.Account = (name, subject);
        }
        else if (subject is not null)
        {
            values.Linked.Add(new ProviderAccount(name, subject));
        }
        else
        {
            values.Note(
                $"{UserFields.Name(UserField.LoginProvider)}: a second account, of {SocialProvider.DisplayName(name, [])}, is omitted"
            );
        }
    }

    /// <summary>apple, google, or empty for the password login of the other system; null for another provider.</summary>
    public static string? ParseProvider(string text)
    {
        var name = string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Google.Contains(name, StringComparer.Ordinal) || name == "httpsaccountsgooglecom" ? SocialProvider.Google
            : Apple.Contains(name, StringComparer.Ordinal) || name == "httpsappleidapplecom" ? SocialProvider.Apple
            : Own.Contains(name, StringComparer.Ordinal) ? ""
            : null;
    }
}
