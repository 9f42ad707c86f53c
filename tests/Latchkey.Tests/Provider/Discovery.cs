using System.Text.Json;

namespace Latchkey.Tests.Provider;

/// <summary>The discovery documents of applications under test.</summary>
public static class Discovery
{
    public const string OpenIdPath = ".well-known/openid-configuration";

    /// <summary>The document of a new application.</summary>
    public static async Task<JsonElement> Metadata(this ServerFixture servers) =>
        (await (await ProviderApp.Create(servers)).Get(OpenIdPath)).ShouldBeOk().Json;

    /// <summary>The document of a new application on a server behind a proxy with TLS, <c>https://auth.example.com</c>.</summary>
    public static async Task<(JsonElement Json, string Id)> HttpsMetadata(this ServerFixture servers)
    {
        var server = await servers.Start("--public-url", "https://auth.example.com");
        var app = await App.CreateRsa(server, ["signupFlow=none"]);
        return ((await server.Get($"/apps/{app.Id}/{OpenIdPath}")).ShouldBeOk().Json, app.Id);
    }

    /// <summary>The document at the path of RFC 8414 §3.1.</summary>
    public static async Task<Reply> Inserted(this ProviderApp provider) =>
        (await provider.App.Server.Get($"/.well-known/oauth-authorization-server/apps/{provider.Id}")).ShouldBeOk();

    public static IEnumerable<string> Endpoints(this JsonElement metadata) =>
        metadata
            .EnumerateObject()
            .Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal))
            .Select(member => member.Value.GetString()!);
}
