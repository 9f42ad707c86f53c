using System.Text.Json;
using Latchkey.Api.Discovery;
using Latchkey.Applications;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;
using Latchkey.Provider.UserInfo;

namespace Latchkey.Provider.Discovery;

/// <summary>
/// What clients read of an application's provider (OpenID Connect Discovery §3, RFC 8414 §2). Both documents are the same. A member whose
/// feature is off is left out.
/// </summary>
public sealed class ProviderMetadata(DeviceClients devices)
{
    private static readonly string[] SecretMethods = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
    private static readonly string[] AssertionAlgorithms = ["RS256", "ES256"];

    public async Task<byte[]> Write(Application application, string issuer)
    {
        var hasDevices = await devices.Exist(application.Id);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("issuer", issuer);
            WriteEndpoints(json, issuer, hasDevices);
            WriteFeatures(json, application, hasDevices);
            WriteClientAuthentication(json);
            WriteClaims(json, application);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteEndpoints(Utf8JsonWriter json, string issuer, bool hasDevices)
    {
        json.WriteString("jwks_uri", $"{issuer}/{KeysApi.JwksPath}");
        json.WriteString("authorization_endpoint", $"{issuer}/oauth2/authorize");
        json.WriteString("token_endpoint", $"{issuer}/oauth2/token");
        json.WriteString("userinfo_endpoint", $"{issuer}/oauth2/userinfo");
        json.WriteString("revocation_endpoint", $"{issuer}/oauth2/revoke");
        json.WriteString("introspection_endpoint", $"{issuer}/oauth2/introspect");
        json.WriteString("pushed_authorization_request_endpoint", $"{issuer}/oauth2/par");
        json.WriteString("end_session_endpoint", $"{issuer}/oauth2/logout");
        if (hasDevices)
        {
            json.WriteString("device_authorization_endpoint", $"{issuer}/oauth2/device_authorization");
        }
    }

    private static void WriteFeatures(Utf8JsonWriter json, Application application, bool hasDevices)
    {
        WriteArray(json, "response_types_supported", ["code"]);
        WriteArray(json, "response_modes_supported", ["query", "form_post"]);
        WriteArray(json, "grant_types_supported", [.. GrantType.All.Where(type => hasDevices || type != GrantType.DeviceCode)]);
        WriteArray(json, "code_challenge_methods_supported", ["S256"]);
        WriteArray(
            json,
            "prompt_values_supported",
            [.. Prompt.All.Where(value => application.Settings.SignupEnabled || value != Prompt.Create)]
        );
        WriteArray(json, "subject_types_supported", ["public"]);
        WriteArray(
            json,
            "id_token_signing_alg_values_supported",
            [.. application.PublishedKeys.Select(key => key.Algorithm).Distinct(StringComparer.Ordinal)]
        );
        WriteArray(json, "dpop_signing_alg_values_supported", DpopProofs.Algorithms);
        WriteArray(json, "acr_values_supported", ["1", "2"]);
        json.WriteBoolean("authorization_response_iss_parameter_supported", true);
        json.WriteBoolean("backchannel_logout_supported", true);
        json.WriteBoolean("backchannel_logout_session_supported", true);
        json.WriteBoolean("claims_parameter_supported", true);
        json.WriteBoolean("request_parameter_supported", false);
        json.WriteBoolean("request_uri_parameter_supported", false);
        json.WriteBoolean("require_pushed_authorization_requests", false);
    }

    /// <summary>A public client names itself; it cannot introspect.</summary>
    private static void WriteClientAuthentication(Utf8JsonWriter json)
    {
        foreach (var endpoint in new[] { "token_endpoint", "revocation_endpoint", "introspection_endpoint" })
        {
            string[] methods = endpoint == "introspection_endpoint" ? SecretMethods : [.. SecretMethods, "none"];
            WriteArray(json, $"{endpoint}_auth_methods_supported", methods);
            WriteArray(json, $"{endpoint}_auth_signing_alg_values_supported", AssertionAlgorithms);
        }
    }

    private static void WriteClaims(Utf8JsonWriter json, Application application)
    {
        var settings = application.Settings;
        IEnumerable<string> ofResources = application.Resources.SelectMany(resource => resource.ScopeNames);
        var scopes = UserScopes.All.Concat(settings.ClaimMappings.Select(mapping => mapping.Scope)).Concat(ofResources);
        var mapped = settings.ClaimMappings.Select(mapping => mapping.Claim.Split('.') is ["address", _] ? "address" : mapping.Claim);
        string[] always = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid"];
        WriteArray(json, "scopes_supported", [.. scopes.Distinct(StringComparer.Ordinal)]);
        WriteArray(json, "claims_supported", [.. always.Concat(UserClaims.Built).Concat(mapped).Distinct(StringComparer.Ordinal)]);
        WriteArray(json, "claim_types_supported", ["normal"]);
        WriteArray(json, "ui_locales_supported", [.. settings.Locales.Select(LocaleNames.InUsualCase)]);
    }

    /// <summary>An empty array is left out (RFC 8414 §3.2).</summary>
    private static void WriteArray(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
