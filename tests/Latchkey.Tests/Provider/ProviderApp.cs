using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Applications;
using Latchkey.Applications.Resources;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Users.Sessions;

namespace Latchkey.Tests.Provider;

/// <summary>An application whose OpenID provider is under test, with an RSA key as certification wants it.</summary>
public sealed record ProviderApp(App App)
{
    public const string RedirectUri = "https://client.example.com/callback";

    public string Id => App.Id;

    public TestInstallation Installation => App.Installation;

    /// <summary>The server's public URL without a trailing slash; by default the address that it listens on.</summary>
    public string PublicUrl { get; init; } = App.Server.Address.AbsoluteUri.TrimEnd('/');

    public string Issuer => $"{PublicUrl}/apps/{Id}";

    public static async Task<ProviderApp> Create(ServerFixture servers, params string[] settings) =>
        new(await App.CreateRsa(await servers.Unlimited(), ["signupFlow=none", .. settings]));

    /// <summary>A client with the redirect URI of the tests, and its secret if it has one.</summary>
    public async Task<ProviderClient> AddClient(
        ClientType type = ClientType.Web,
        Func<ClientSettings, ClientSettings>? change = null,
        string name = "Test client"
    )
    {
        var (settings, secret, now) = (ClientDefaults.Of(type), Secrets.Token(), TimeProvider.System.Now());
        settings = settings with { RedirectUris = settings.GrantTypes.Contains(GrantType.AuthorizationCode) ? [RedirectUri] : [] };
        settings = change?.Invoke(settings) ?? settings;
        var hasSecret = settings.Authentication is not (ClientAuthenticationMethod.None or ClientAuthenticationMethod.PrivateKey);
        var client = new Client
        {
            AppId = Id,
            Id = Secrets.AppId(),
            Name = name,
            Type = type,
            Settings = settings,
            Secrets = hasSecret ? [new ClientSecret("first", Secrets.Hash(secret), secret[^4..], now)] : [],
            CreatedAt = now,
            UpdatedAt = now,
        };
        var store = await Installation.Get<ClientStore>();
        await (await Installation.Get<Database>()).Write(db => store.Insert(db, client));
        return new ProviderClient(this, client, hasSecret ? secret : null);
    }

    /// <summary>An API that access tokens can be for; the running server follows at once or within a second.</summary>
    public async Task AddResource(string id, string scopes, long tokenSeconds = 600)
    {
        var (store, dialect) = (await Installation.Get<ResourceStore>(), await Installation.Get<Dialect>());
        await (await Installation.Get<Database>()).Write(async db =>
        {
            await store.Save(
                db,
                new Resource
                {
                    AppId = Id,
                    Id = id,
                    Name = id,
                    Scopes = scopes,
                    TokenSeconds = tokenSeconds,
                    CreatedAt = TimeProvider.System.Now(),
                }
            );
            await dialect.AnnounceChange(db, Id);
        });
    }

    /// <summary>A POST with a form to an endpoint below <c>oauth2/</c>.</summary>
    public Task<Reply> Post(string endpoint, IEnumerable<(string Name, string Value)> form, params (string Name, string Value)[] headers)
    {
        var request = App.Server.Request(HttpMethod.Post, $"/apps/{Id}/oauth2/{endpoint}", headers);
        request.Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        return App.Server.Send(request, App.ClientAddress);
    }

    /// <summary>A code as the authorization endpoint gives it, without the pages: the user has allowed what they ask for.</summary>
    public async Task<string> IssueCode(
        ProviderClient client,
        LoggedInUser user,
        string scope = "openid",
        Func<AuthorizationCode, AuthorizationCode>? change = null
    )
    {
        var (codes, cache) = (await Installation.Get<AuthorizationCodes>(), await Installation.Get<ApplicationCache>());
        var code = new AuthorizationCode(
            client.Id,
            await SessionIdOf(user),
            RedirectUri,
            scope,
            Resources: "",
            Nonce: "nonce-of-the-test",
            Claims: null,
            CodeChallenge: ChallengeOf(Verifier),
            DpopKey: null,
            ExpiresAt: TimeProvider.System.Now() + 60_000,
            RequestId: null
        );
        code = change?.Invoke(code) ?? code;
        if (!client.Row.Settings.FirstParty)
        {
            await Allow(client, user, code);
        }

        return codes.Write((await cache.Find(Id))!, code);
    }

    private async Task Allow(ProviderClient client, LoggedInUser user, AuthorizationCode code)
    {
        var (store, database) = (await Installation.Get<ConsentStore>(), await Installation.Get<Database>());
        var before = await database.Read(db => store.Find(db, Id, user.Id(), client.Id));
        if (before?.Covers(code.Scope.Split(' '), code.Resources.Split(' ', StringSplitOptions.RemoveEmptyEntries)) != true)
        {
            await AddConsent(client, user, $"{before?.Scope} {code.Scope}".Trim(), $"{before?.Resources} {code.Resources}".Trim());
        }
    }

    /// <summary>A client that is told of logouts by this server.</summary>
    public Task<ProviderClient> AddLogoutClient(LogoutReceiver receiver) =>
        AddClient(ClientType.Web, settings => settings with { LogoutUri = receiver.Uri });

    /// <summary>What a sign-in of the user at the client leaves: a grant in the session. Returns the claim sid of its tokens.</summary>
    public async Task<string> AddGrant(ProviderClient client, LoggedInUser user)
    {
        var (grants, store, sessions) = (
            await Installation.Get<SessionGrants>(),
            await Installation.Get<SessionGrantStore>(),
            await Installation.Get<SessionStore>()
        );
        var id = await SessionIdOf(user);
        await (await Installation.Get<Database>()).Write(async db =>
        {
            var session = (await sessions.Find(db, Id, id))!.Session;
            var grant = grants.Create(session, SessionGrants.NewId(), TimeProvider.System.Now()) with
            {
                Client = client.Id,
                Scope = "openid",
                Sid = session.PublicId,
            };
            await store.Insert(db, grant);
        });
        return Secrets.Hash(id);
    }

    /// <summary>What the consent page stores.</summary>
    public async Task AddConsent(ProviderClient client, LoggedInUser user, string scope, string resources = "")
    {
        var (store, now) = (await Installation.Get<ConsentStore>(), TimeProvider.System.Now());
        var consent = new Consent
        {
            AppId = Id,
            UserId = user.Claims.GetProperty("uid").GetString()!,
            ClientId = client.Id,
            Scope = scope,
            Resources = resources,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await (await Installation.Get<Database>()).Write(db => store.Save(db, consent));
    }

    internal async Task<string> SessionIdOf(LoggedInUser user) =>
        (await Installation.Get<InstallationTokens>()).ReadAccess(user.AccessToken)!.SessionId;

    /// <summary>The PKCE verifier of the tests.</summary>
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}

/// <summary>A client of an application under test.</summary>
/// <param name="Provider">The application.</param>
/// <param name="Row">As it was stored.</param>
/// <param name="Secret">Null for a client without one.</param>
public sealed record ProviderClient(ProviderApp Provider, Client Row, string? Secret)
{
    public string Id => Row.Id;

    /// <summary>The header Authorization of a client with a secret.</summary>
    public (string Name, string Value) Basic =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Id}:{Secret}"))}");

    /// <summary>A call of the token endpoint, authenticated in the usual way of the client.</summary>
    public Task<Reply> Token(params (string Name, string Value)[] form) =>
        Secret is null ? Provider.Post("token", [("client_id", Id), .. form]) : Provider.Post("token", form, Basic);

    /// <summary>Exchanges a code that was asked for with the verifier of the tests.</summary>
    public Task<Reply> Exchange(string code) =>
        Token(
            ("grant_type", GrantType.AuthorizationCode),
            ("code", code),
            ("redirect_uri", ProviderApp.RedirectUri),
            ("code_verifier", ProviderApp.Verifier)
        );
}
