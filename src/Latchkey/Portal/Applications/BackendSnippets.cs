using System.Text.Json;
using Latchkey.Applications.Settings;

namespace Latchkey.Portal.Applications;

/// <summary>Code samples for backends that verify user JWTs. Values are JSON strings, which are valid in JavaScript and C#.</summary>
public static class BackendSnippets
{
    public static string Node(string issuer, string audience) =>
        $$"""
            import { createRemoteJWKSet, jwtVerify } from "jose";

            const issuer = {{Text(issuer)}};
            const keys = createRemoteJWKSet(new URL(issuer + "/.well-known/jwks.json"));

            export async function userOf(jwt) {
              const { payload } = await jwtVerify(jwt, keys, { issuer, audience: {{Text(audience)}}, algorithms: ["RS256"] });
              return payload; // uid is the user's id for life, sub the handle
            }
            """;

    public static string AspNet(string issuer, string audience) =>
        $$"""
            // dotnet add package Microsoft.AspNetCore.Authentication.JwtBearer
            builder.Services.AddAuthentication("Bearer").AddJwtBearer(options =>
            {
                options.Authority = {{Text(issuer)}}; // finds the keys there
                options.Audience = {{Text(audience)}};
                options.MapInboundClaims = false; // uid is the user's id for life, sub the handle
                options.TokenValidationParameters.ValidAlgorithms = ["RS256"];{{(
                issuer.StartsWith("http:", StringComparison.Ordinal)
                    ? "\n    options.RequireHttpsMetadata = false; // this server's address is plain http"
                    : ""
            )}}
            });
            """;

    private static string Text(string value) => JsonSerializer.Serialize(value, SettingsJson.Default.String);
}
