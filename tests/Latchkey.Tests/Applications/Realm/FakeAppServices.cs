using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Applications.Realm;

/// <summary>A request that changed something, as it came.</summary>
public sealed record RealmWrite(string Method, string Path, JsonNode? Body);

/// <summary>The App Services Admin API in one real HTTP server with one project and one application, as strict as the public one.</summary>
public sealed class FakeAppServices : IAsyncDisposable
{
    public const string PublicKey = "canarypublickey";
    public const string PrivateKey = "5a1e-canary-private-key-9b7c";
    public const string ProjectId = "0123456789abcdef01234567";
    public const string RealmAppId = "harbour-abcde";
    private const string Prefix = "/api/admin/v3.0";
    private const string AppPath = $"/groups/{ProjectId}/apps/aaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly ConcurrentQueue<(string Call, Func<HttpContext, Task> Answer)> planned = new();
    private readonly WebApplication web;
    private readonly Lock gate = new();
    private string accessToken = "none-yet";
    private int made;

    private FakeAppServices(WebApplication web) => this.web = web;

    public string Address => web.Urls.Single();

    /// <summary>By id; the API never tells a value.</summary>
    public Dictionary<string, (string Name, string Value)> Secrets { get; } = [];

    public Dictionary<string, JsonObject> Providers { get; } = [];

    public List<JsonObject> Users { get; } = [];

    public ConcurrentQueue<RealmWrite> Writes { get; } = new();

    public int Calls { get; private set; }

    /// <summary>A server that gives every page of users again from the beginning.</summary>
    public bool ForgetsCursor { get; set; }

    public static async Task<FakeAppServices> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new FakeAppServices(builder.Build());
        server.web.Run(server.Handle);
        await server.web.StartAsync();
        return server;
    }

    /// <summary>What the next such call ("POST /auth/providers/mongodb-cloud/login", "GET …/secrets") is answered instead.</summary>
    public void Plan(string call, int status, string body) => Plan(call, context => Write(context, status, body));

    public void Plan(string call, Func<HttpContext, Task> answer) =>
        planned.Enqueue((call.Replace("…", AppPath, StringComparison.Ordinal), answer));

    /// <summary>From now on the access token that was given is no longer good; the refresh token is.</summary>
    public void ExpireToken() => accessToken = "expired";

    public void AddUsers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Users.Add(
                new JsonObject
                {
                    ["_id"] = $"{Users.Count:x24}",
                    ["identities"] = new JsonArray(
                        new JsonObject
                        {
                            ["id"] = $"user{Users.Count}@example.com",
                            ["provider_type"] = "custom-token",
                            ["provider_id"] = "p",
                        }
                    ),
                    ["type"] = "normal",
                    ["creation_date"] = 1_700_000_000 + Users.Count,
                    ["last_authentication_date"] = 1_710_000_000,
                    ["data"] = new JsonObject { ["name"] = "Una" },
                }
            );
        }
    }

    /// <summary>As it was at the beginning.</summary>
    public void Clear()
    {
        (Calls, made, ForgetsCursor) = (0, 0, false);
        Secrets.Clear();
        Providers.Clear();
        Users.Clear();
        Writes.Clear();
        planned.Clear();
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    private async Task Handle(HttpContext context)
    {
        var request = context.Request;
        var body = await new StreamReader(request.Body).ReadToEndAsync();
        if (!request.Path.Value!.StartsWith(Prefix, StringComparison.Ordinal))
        {
            await Write(context, 404, "no such page");
            return;
        }

        var path = request.Path.Value[Prefix.Length..];
        if (planned.TryPeek(out var plan) && plan.Call == $"{request.Method} {path}" && planned.TryDequeue(out plan))
        {
            await plan.Answer(context);
            return;
        }

        (int Status, JsonNode? Json) answer;
        lock (gate)
        {
            Calls++;
            answer = Answer(request, path, body);
        }

        await Write(context, answer.Status, answer.Json?.ToJsonString() ?? "");
    }

    private (int, JsonNode?) Answer(HttpRequest request, string path, string body)
    {
        var bearer =
            AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header.Scheme == "Bearer"
                ? header.Parameter
                : null;
        var json = body.Length == 0 ? null : JsonNode.Parse(body);
        if (json is not null && request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
        {
            return Error(415, "send JSON", "BadRequest");
        }

        switch (request.Method, path)
        {
            case ("POST", "/auth/providers/mongodb-cloud/login"):
                if (json?["username"]?.GetValue<string>() != PublicKey || json["apiKey"]?.GetValue<string>() != PrivateKey)
                {
                    return Error(401, "invalid username/password", "InvalidPassword");
                }

                accessToken = $"access-{++made}";
                return (
                    200,
                    new JsonObject
                    {
                        ["access_token"] = accessToken,
                        ["refresh_token"] = "refresh-canary",
                        ["user_id"] = "u",
                    }
                );
            case ("POST", "/auth/session"):
                if (bearer != "refresh-canary")
                {
                    return Error(401, "invalid session", "InvalidSession");
                }

                accessToken = $"access-{++made}";
                return (201, new JsonObject { ["access_token"] = accessToken });
        }

        if (bearer != accessToken)
        {
            return Error(401, "invalid session", "InvalidSession");
        }

        if (request.Method != "GET")
        {
            Writes.Enqueue(new(request.Method, path.Replace(AppPath, "…", StringComparison.Ordinal), json));
        }

        return path == $"/groups/{ProjectId}/apps" && request.Method == "GET"
                ? (200, new JsonArray(App("bbbbbbbbbbbbbbbbbbbbbbbb", "other-fghij"), App("aaaaaaaaaaaaaaaaaaaaaaaa", RealmAppId)))
            : path.StartsWith(AppPath, StringComparison.Ordinal) ? OfApp(request, path[AppPath.Length..].Split('/')[1..], json)
            : Error(404, "group not found", "GroupNotFound");
    }

    private (int, JsonNode?) OfApp(HttpRequest request, string[] path, JsonNode? json) =>
        (request.Method, path) switch
        {
            ("GET", ["secrets"]) => (
                200,
                new JsonArray([.. Secrets.Select(secret => new JsonObject { ["_id"] = secret.Key, ["name"] = secret.Value.Name })])
            ),
            ("POST", ["secrets"]) => MakeSecret(json!),
            ("PUT", ["secrets", var id]) when Secrets.ContainsKey(id) => SetSecret(id, json!),
            ("DELETE", ["secrets", var id]) when Secrets.ContainsKey(id) => RemoveSecret(id),
            ("GET", ["auth_providers"]) => (
                200,
                new JsonArray([
                    .. Providers.Select(provider => new JsonObject
                    {
                        ["_id"] = provider.Key,
                        ["name"] = provider.Value["name"]!.DeepClone(),
                        ["type"] = provider.Value["type"]!.DeepClone(),
                        ["disabled"] = provider.Value["disabled"]!.DeepClone(),
                    }),
                ])
            ),
            ("GET", ["auth_providers", var id]) when Providers.TryGetValue(id, out var found) => (200, WithId(id, found)),
            ("POST", ["auth_providers"]) => MakeProvider(json!.AsObject()),
            ("PATCH", ["auth_providers", var id]) when Providers.TryGetValue(id, out var found) => Change(found, json!.AsObject()),
            ("PUT", ["auth_providers", var id, "enable" or "disable"]) when Providers.TryGetValue(id, out var found) => Change(
                found,
                new JsonObject { ["disabled"] = path[2] == "disable" }
            ),
            ("DELETE", ["auth_providers", var id]) when Providers.ContainsKey(id) => RemoveProvider(id),
            ("GET", ["users"]) => (200, Page(request.Query["after"].ToString())),
            _ => Error(404, "not found", "NotFound"),
        };

    private (int, JsonNode?) MakeSecret(JsonNode json)
    {
        var name = json["name"]!.GetValue<string>();
        if (Secrets.Values.Any(secret => secret.Name == name))
        {
            return Error(409, "secret name already in use", "SecretNameAlreadyInUse");
        }

        var id = Id();
        Secrets[id] = (name, json["value"]!.GetValue<string>());
        return (201, new JsonObject { ["_id"] = id, ["name"] = name });
    }

    private (int, JsonNode?) SetSecret(string id, JsonNode json)
    {
        Secrets[id] = (json["name"]!.GetValue<string>(), json["value"]!.GetValue<string>());
        return (204, null);
    }

    private (int, JsonNode?) RemoveSecret(string id)
    {
        if (
            Providers.Values.Any(provider =>
                provider["secret_config"]?["signingKeys"]?.ToJsonString().Contains(Secrets[id].Name, StringComparison.Ordinal) == true
            )
        )
        {
            return Error(400, "secret is in use", "SecretInUse");
        }

        Secrets.Remove(id);
        return (204, null);
    }

    private (int, JsonNode?) MakeProvider(JsonObject json)
    {
        if (Providers.Values.Any(provider => provider["type"]!.ToJsonString() == json["type"]!.ToJsonString()))
        {
            return Error(409, "auth provider already exists", "AuthProviderDuplicateName");
        }

        var id = Id();
        Providers[id] = json;
        return (
            201,
            new JsonObject
            {
                ["_id"] = id,
                ["name"] = "custom-token",
                ["type"] = "custom-token",
            }
        );
    }

    private (int, JsonNode?) RemoveProvider(string id)
    {
        if (!Providers[id]["disabled"]!.GetValue<bool>())
        {
            return Error(400, "an enabled auth provider cannot be deleted", "AuthProviderEnabled");
        }

        Providers.Remove(id);
        return (204, null);
    }

    private static (int, JsonNode?) Change(JsonObject provider, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            provider[name] = value?.DeepClone();
        }

        return (204, null);
    }

    private JsonArray Page(string after)
    {
        var from = after.Length == 0 || ForgetsCursor ? 0 : Users.FindIndex(user => user["_id"]!.GetValue<string>() == after) + 1;
        return new JsonArray([.. Users.Skip(from).Take(50).Select(user => user.DeepClone())]);
    }

    private static JsonObject WithId(string id, JsonObject provider)
    {
        var copy = provider.DeepClone().AsObject();
        copy["_id"] = id;
        return copy;
    }

    private string Id() => $"{++made:x24}";

    private static JsonObject App(string id, string clientAppId) =>
        new()
        {
            ["_id"] = id,
            ["client_app_id"] = clientAppId,
            ["name"] = clientAppId[..^6],
        };

    private static (int, JsonNode?) Error(int status, string error, string code) =>
        (status, new JsonObject { ["error"] = error, ["error_code"] = code });

    private static Task Write(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return status == 204 ? Task.CompletedTask : context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    }
}
