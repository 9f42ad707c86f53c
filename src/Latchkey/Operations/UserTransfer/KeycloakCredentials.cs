using System.Text;
using System.Text.Json;
using Latchkey.Api.TwoFactor;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Reads credentials in an export of Keycloak (CredentialRepresentation in https://www.keycloak.org/docs-api/latest/rest-api/). secretData
/// and credentialData are JSON text; before version 9 their content was in properties.
/// </summary>
public static class KeycloakCredentials
{
    public static void Read(RowValues values, JsonElement list)
    {
        foreach (var credential in list.EnumerateArray().Where(credential => credential.ValueKind == JsonValueKind.Object))
        {
            switch (JsonScalar.Text(credential, "type"))
            {
                case "password":
                    values.Offer(UserField.PasswordHash, PasswordHash(credential), rank: 1);
                    break;
                case "otp" or "totp":
                    ReadSeed(values, credential);
                    break;
            }
        }
    }

    /// <summary>The hash as a PHC string, or unchanged for another algorithm.</summary>
    private static string? PasswordHash(JsonElement credential)
    {
        var (secret, data) = (
            JsonScalar.Object(credential, "secretData") ?? credential,
            JsonScalar.Object(credential, "credentialData") ?? credential
        );
        var (value, salt) = (JsonScalar.Text(secret, "value", "hashedSaltedValue"), JsonScalar.Text(secret, "salt"));
        var (algorithm, iterations) = (JsonScalar.Text(data, "algorithm"), JsonScalar.Text(data, "hashIterations"));
        return value is null
            ? null
            : algorithm switch
            {
                "pbkdf2" => $"$pbkdf2-sha1${iterations}${salt}${value}",
                "pbkdf2-sha256" or "pbkdf2-sha512" => $"${algorithm}${iterations}${salt}${value}",
                "argon2" when JsonScalar.Object(data, "additionalParameters") is { } parameters =>
                    $"$argon2{JsonScalar.Text(parameters, "type")}$v={Version(JsonScalar.Text(parameters, "version"))}"
                        + $"$m={JsonScalar.Text(parameters, "memory")},t={iterations},p={JsonScalar.Text(parameters, "parallelism")}"
                        + $"${salt?.TrimEnd('=')}${value.TrimEnd('=')}",
                _ => value,
            };
    }

    private static string? Version(string? version) => version == "1.3" ? "19" : version;

    /// <summary>Keycloak stores the seed as text, whose bytes authenticator apps get in base32.</summary>
    private static void ReadSeed(RowValues values, JsonElement credential)
    {
        var data = JsonScalar.Object(credential, "credentialData") ?? credential;
        var value = JsonScalar.Text(JsonScalar.Object(credential, "secretData") ?? credential, "value");
        var isUsual =
            (JsonScalar.Text(data, "subType") ?? "totp") == "totp"
            && (JsonScalar.Text(data, "digits") ?? "6") == "6"
            && (JsonScalar.Text(data, "period") ?? "30") == "30"
            && (JsonScalar.Text(data, "algorithm") ?? "HmacSHA1") == "HmacSHA1";
        if (value is not null && isUsual)
        {
            values.Offer(
                UserField.TotpSeed,
                JsonScalar.Text(data, "secretEncoding") == "BASE32" ? value : Totp.ToBase32(Encoding.UTF8.GetBytes(value)),
                rank: 1
            );
        }
        else
        {
            values.Problem ??=
                "totpSeed: only authenticator apps with six digits, 30 seconds and SHA-1 are supported; --map credentials= imports without "
                + "passwords and authenticator apps";
        }
    }
}
