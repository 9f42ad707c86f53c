using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Operations;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Bench;

/// <summary>
/// The requests that load an application's OpenID provider: an application with 256 users who are signed in in their browsers, one client
/// that signs them in, and clients that act for themselves.
/// </summary>
public sealed class ProviderLoad
{
    /// <summary>Enough that no request waits for another's session.</summary>
    private const int Users = 256;
    private const int MostCodes = 20_000;
    private const string Redirect = "https://client.example.com/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static readonly string Challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    private readonly LoadTestRig rig;
    private readonly string appId;
    private readonly string appToken;
    private readonly List<string> sessions = [];
    private readonly List<string> cookies = [];
    private (string Id, string Secret) web;

    private ProviderLoad(LoadTestRig rig, CreatedApplication app) => (this.rig, appId, appToken) = (rig, app.Row.Id, app.AppToken);

    /// <summary>The address of the token endpoint.</summary>
    public string Token => $"{rig.Latchkey.Address}/apps/{appId}/oauth2/token";

    /// <summary>The address of the authorization endpoint, with a request.</summary>
    public string Authorize =>
        $"{rig.Latchkey.Address}/apps/{appId}/oauth2/authorize?response_type=code&client_id={web.Id}"
        + $"&redirect_uri={Uri.EscapeDataString(Redirect)}&scope=openid%20profile%20email%20offline_access&state=af0ifjsldkj"
        + $"&nonce=n-0S6_WzA2Mj&code_challenge={Challenge}&code_challenge_method=S256";

    public static async Task<ProviderLoad> Create(LoadTestRig rig)
    {
        await using var services = await InstallationServices.Open(rig.Installation);
        var app = (
            await services
                .GetRequiredService<ApplicationCreator>()
                .Create("Provider", new Dictionary<string, string>(StringComparer.Ordinal) { ["signupFlow"] = "none" }, Actor.CommandLine)
        ).Value!;
        var load = new ProviderLoad(rig, app);
        load.web = (await AddClients(services, app.Row.Id, ClientType.Web, 1))[0];
        await load.SignIn(services);
        return load;
    }

    /// <summary>Each request is of one of so many new clients, drawn at random.</summary>
    public async Task<string> ClientCredentials(int count)
    {
        await using var services = await InstallationServices.Open(rig.Installation);
        var clients = await AddClients(services, appId, ClientType.Service, count);
        return $$"""
            wrk.method = "POST"
            wrk.headers["content-type"] = "application/x-www-form-urlencoded"
            local secrets, requests = { {{Lua(clients.Select(Basic))}} }, {}
            init = function()
              for i, secret in ipairs(secrets) do
                wrk.headers["authorization"] = secret
                requests[i] = wrk.format(nil, nil, nil, "grant_type=client_credentials")
              end
            end
            request = function()
              return requests[math.random(#requests)]
            end
            """;
    }

    /// <summary>Each connection refreshes a grant of its own, again and again.</summary>
    public async Task<string> Refresh(string scope, int connections)
    {
        const int spare = 4; // wrk makes a request more than it sends
        using var http = new HttpClient();
        var tokens = new List<string>();
        foreach (var code in await WriteCodes(scope, connections + spare))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Token)
            {
                Headers = { { "authorization", Basic(web) } },
                Content = new StringContent(ExchangeOf(code), null, "application/x-www-form-urlencoded"),
            };
            using var answer = await http.SendAsync(request);
            tokens.Add(
                (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refresh_token").GetString()!
            );
        }

        return $$"""
            {{ClientPost}}
            local tokens = { {{Lua(tokens)}} }
            request = function()
              return wrk.format(nil, nil, nil, 'grant_type=refresh_token&refresh_token=' .. table.remove(tokens, 1))
            end
            response = function(status, headers, body)
              table.insert(tokens, string.match(body, '"refresh_token":"([^"]+)"'))
            end
            """;
    }

    /// <summary>Codes that were written before, each exchanged once.</summary>
    public async Task<string> Exchanges() =>
        $$"""
            {{ClientPost}}
            local n, codes = 0, { {{Lua(await WriteCodes("openid profile email offline_access", MostCodes))}} }
            request = function()
              n = n + 1
              return wrk.format(nil, nil, nil, '{{ExchangeOf("")}}' .. codes[n])
            end
            """;

    /// <summary>Code flows with a live session: the browser's request, then the client's with the code that the first one got.</summary>
    public string Flows() => Flows(new Uri(Authorize).PathAndQuery, new Uri(Token).PathAndQuery, cookies);

    /// <summary>The same two requests to a bare server.</summary>
    public string BareFlows() => Flows(new Uri(rig.BareCode).PathAndQuery, new Uri(rig.BareCode).PathAndQuery, cookies[..1]);

    private string Flows(string authorize, string token, IEnumerable<string> browsers) =>
        $$"""
            local browsers, codes, requests, n = { {{Lua(browsers)}} }, {}, {}, 0
            local post = { ["content-type"] = "application/x-www-form-urlencoded", ["authorization"] = "{{Basic(web)}}" }
            init = function()
              for i, cookie in ipairs(browsers) do
                requests[i] = wrk.format("GET", "{{authorize}}", { ["cookie"] = cookie })
              end
            end
            request = function()
              local code = table.remove(codes)
              if code then
                return wrk.format("POST", "{{token}}", post, '{{ExchangeOf("")}}' .. code)
              end
              n = n % #requests + 1
              return requests[n]
            end
            response = function(status, headers, body)
              if status == 303 then
                table.insert(codes, string.match(headers["Location"], "[?&]code=([^&]+)") or "none")
              end
            end
            """;

    private string ClientPost =>
        $"""
            wrk.method = "POST"
            wrk.headers["content-type"] = "application/x-www-form-urlencoded"
            wrk.headers["authorization"] = "{Basic(web)}"
            """;

    private static string ExchangeOf(string code) =>
        $"grant_type=authorization_code&redirect_uri={Uri.EscapeDataString(Redirect)}&code_verifier={Verifier}&code={code}";

    private static string Basic((string Id, string Secret) client) =>
        $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{client.Id}:{client.Secret}"))}";

    private static string Lua(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => $"\"{text}\""));

    private static async Task<IReadOnlyList<(string Id, string Secret)>> AddClients(
        ServiceProvider services,
        string appId,
        ClientType type,
        int count
    )
    {
        var (store, database) = (services.GetRequiredService<ClientStore>(), services.GetRequiredService<Database>());
        var settings = ClientDefaults.Of(type) with { RedirectUris = type == ClientType.Web ? [Redirect] : [], FirstParty = true };
        var now = database.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var clients = Enumerable.Range(0, count).Select(_ => (Id: Secrets.AppId(), Secret: Secrets.Token())).ToList();
        await database.Write(async db =>
        {
            foreach (var (id, secret) in clients)
            {
                await store.Insert(
                    db,
                    new Client
                    {
                        AppId = appId,
                        Id = id,
                        Name = "Bench",
                        Type = type,
                        Settings = settings,
                        Secrets = [new ClientSecret("first", Secrets.Hash(secret), secret[^4..], now)],
                        CreatedAt = now,
                        UpdatedAt = now,
                    }
                );
            }
        });
        return clients;
    }

    /// <summary>The users, and the cookies of their browsers.</summary>
    private async Task SignIn(ServiceProvider services)
    {
        var (ring, tokens) = (services.GetRequiredService<KeyRing>(), services.GetRequiredService<InstallationTokens>());
        using var http = new HttpClient { DefaultRequestHeaders = { { "app-token", appToken } } };
        for (var i = 0; i < Users; i++)
        {
            var user = new { handle = $"user{i}@example.com", password = "correct horse battery" };
            using var answer = await http.PostAsJsonAsync($"{rig.Api}/signup", user);
            var signedUp = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            sessions.Add(tokens.ReadAccess(signedUp.GetProperty("access-token").GetString()!)!.SessionId);
            cookies.Add($"latchkey-session={ring.Encrypt($"browser-session/{appId}", sessions[^1])}");
        }
    }

    private async Task<IReadOnlyList<string>> WriteCodes(string scope, int count)
    {
        await using var services = await InstallationServices.Open(rig.Installation);
        var codes = services.GetRequiredService<AuthorizationCodes>();
        var application = (await services.GetRequiredService<ApplicationCache>().Find(appId))!;
        var expiresAt = services.GetRequiredService<Database>().Clock.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds();
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    codes.Write(
                        application,
                        new AuthorizationCode(
                            ClientId: web.Id,
                            SessionId: sessions[i % Users],
                            RedirectUri: Redirect,
                            Scope: scope,
                            Resources: "",
                            Nonce: "n-0S6_WzA2Mj",
                            Claims: null,
                            CodeChallenge: Challenge,
                            DpopKey: null,
                            ExpiresAt: expiresAt,
                            RequestId: null
                        )
                    )
                ),
        ];
    }
}
