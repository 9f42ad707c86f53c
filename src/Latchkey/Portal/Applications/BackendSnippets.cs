using System.Text.Json;
using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Applications;

/// <summary>
/// Code samples for backends that verify user JWTs. Each accepts RS256 and ES256 and nothing else, finds a new key at once, refuses the
/// tokens of a retired key after five minutes, and allows clocks to differ by a minute. Values are JSON strings, which are valid in
/// JavaScript, C# and Python.
/// </summary>
public static class BackendSnippets
{
    public static string Node(string issuer, string audience) =>
        $$"""
            // npm install jose
            import { createRemoteJWKSet, jwtVerify } from "jose";

            const issuer = {{Text(issuer)}};
            const keys = createRemoteJWKSet(new URL(issuer + "/.well-known/jwks.json"), {
              cacheMaxAge: 300_000, // after five minutes, tokens of a retired key are refused
              cooldownDuration: 1_000, // a new key is found at once
            });

            export async function userOf(jwt) {
              const { payload } = await jwtVerify(jwt, keys, {
                issuer,
                audience: {{Text(audience)}},
                algorithms: ["RS256", "ES256"], // the key decides which of the two
                requiredClaims: ["exp"],
                clockTolerance: 60,
              });
              return payload; // uid is the user's id for life, sub the handle
            }
            """;

    public static string AspNet(string issuer, string audience) =>
        $$"""
            // dotnet add package Microsoft.AspNetCore.Authentication.JwtBearer
            using Microsoft.IdentityModel.Protocols;
            using Microsoft.IdentityModel.Protocols.OpenIdConnect;

            AppContext.SetSwitch("Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking", true); // a new key is found at once
            builder.Services.AddAuthentication("Bearer").AddJwtBearer(options =>
            {
                var issuer = {{Text(issuer)}};
                options.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                    issuer + "/.well-known/openid-configuration",
                    new OpenIdConnectConfigurationRetriever(),
                    new HttpDocumentRetriever{{(
                issuer.StartsWith("http:", StringComparison.Ordinal) ? " { RequireHttps = false }" : "()"
            )}})
                {
                    RefreshInterval = TimeSpan.FromSeconds(1),
                    AutomaticRefreshInterval = TimeSpan.FromMinutes(5), // then tokens of a retired key are refused
                    UseLastKnownGoodConfiguration = false,
                };
                options.MapInboundClaims = false; // uid is the user's id for life, sub the handle
                options.TokenValidationParameters.ValidIssuer = issuer;
                options.TokenValidationParameters.ValidAudience = {{Text(audience)}};
                options.TokenValidationParameters.ValidAlgorithms = ["RS256", "ES256"]; // the key decides which of the two
                options.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
            });
            """;

    public static string Python(string issuer, string audience) =>
        $$"""
            # pip install "pyjwt[crypto]"
            import jwt

            issuer = {{Text(issuer)}}
            # A new key is found at once. After five minutes, tokens of a retired key are refused.
            keys = jwt.PyJWKClient(issuer + "/.well-known/jwks.json", cache_keys=False, lifespan=300)


            def user_of(token):
                return jwt.decode(  # uid is the user's id for life, sub the handle
                    token,
                    keys.get_signing_key_from_jwt(token).key,
                    algorithms=["RS256", "ES256"],  # the key decides which of the two
                    issuer=issuer,
                    audience={{Text(audience)}},
                    options={"require": ["exp"]},
                    leeway=60,
                )
            """;

    private static string Text(string value) => JsonSerializer.Serialize(value, SettingsJson.Default.String);
}
