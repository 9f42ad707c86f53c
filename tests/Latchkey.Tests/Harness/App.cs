using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Latchkey.Applications.Credentials;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Tests.Harness;

/// <summary>An application on a server under test, and a client app that talks to it from one address.</summary>
public sealed record App(ServerProcess Server, string Id, string Token, string Secret, string PublicKey)
{
    /// <summary>What everyone's password is where it does not matter.</summary>
    public const string Password = "correct horse battery";

    public string ClientAddress { get; init; } = "127.0.0.1";

    public TestInstallation Installation => Server.Installation;

    public static async Task<App> Create(ServerProcess server, string[] settings, string name = "Demo")
    {
        var made = (await server.Installation.Run(["app", "create", "--name", name, "--algorithm", "ES256", "--json", .. settings]))
            .ShouldSucceed()
            .Json;
        string Text(string field) => made.GetProperty(field).GetString()!;
        return new(server, Text("appId"), Text("appToken"), Text("appSecret"), Text("publicKey"));
    }

    /// <summary>As <see cref="Create"/>, with an RSA key of <see cref="RsaKeys"/> in the place of the first one.</summary>
    public static async Task<App> CreateRsa(ServerProcess server, string[] settings)
    {
        var (app, keys, store, rsa) = (
            await Create(server, settings),
            await server.Installation.Get<SigningKeys>(),
            await server.Installation.Get<SigningKeyStore>(),
            RsaKeys.Get()
        );
        await (await server.Installation.Get<Database>()).Write(async db =>
        {
            var first = (await store.ListByApplication(db, app.Id)).Single();
            await db.ExecuteAsync("DELETE FROM signing_keys WHERE id = @Id", new { first.Id });
            await store.Insert(
                db,
                keys.Import(rsa, Ids.New(TimeProvider.System), app.Id, JwsKey.Rs256, first.CreatedAt) with
                {
                    State = first.State,
                    ActivatedAt = first.ActivatedAt,
                }
            );
        });
        return app with { PublicKey = rsa.ExportSubjectPublicKeyInfoPem() };
    }

    /// <summary>The same app at another address.</summary>
    public App WithAddress(string address) => this with { ClientAddress = address };

    /// <summary>Changes settings by the command line and waits until the running server follows.</summary>
    public async Task Set(params string[] settings)
    {
        (await Installation.Run(["app", "set", Id, .. settings])).ShouldSucceed();
        var shown = (await Installation.Run("app", "show", Id, "--json")).ShouldSucceed().Json;
        var isShut = shown.GetProperty("status").GetString() is "suspended" or "blocked";
        var tag = $"\"{shown.GetProperty("revision").GetInt64()}-{Id}\"";
        await WaitUntil.IsTrue(
            $"the server follows {string.Join(' ', settings)}",
            async () => await Get("getApplication") is var reply && (isShut ? reply.Code == 402 : reply.Header("ETag") == tag)
        );
    }

    /// <summary>Deletes the application and waits until the running server knows.</summary>
    public async Task Delete()
    {
        (await Installation.Run("app", "delete", Id, "--confirm", "Demo")).ShouldSucceed();
        await WaitUntil.IsTrue("the server follows the deletion", async () => (await Get("getApplication")).Code == 401);
    }

    public Task<Reply> Get(string function, params (string Name, string Value)[] headers) =>
        Server.Send(Server.Request(HttpMethod.Get, $"/api/appuser/{function}", [("app-token", Token), .. headers]), ClientAddress);

    /// <summary>Comes back while the server is too busy to hash, as clients are told to.</summary>
    public Task<Reply> Post(string function, object body, params (string Name, string Value)[] headers) =>
        RetryWhileBusy(function, () => PostWithoutRetry(function, body, headers));

    /// <summary>Asks until the answer is another than that the server is too busy.</summary>
    public static Task<Reply> RetryWhileBusy(string function, Func<Task<Reply>> ask) =>
        WaitUntil.IsNotNull($"the server has time for {function}", async () => await ask() is { Code: not 701 } reply ? reply : null);

    public Task<Reply> PostWithoutRetry(string function, object body, params (string Name, string Value)[] headers) =>
        PostRaw(function, JsonContent.Create(body), [("app-token", Token), .. headers]);

    /// <summary>A body and headers as they are given, no token added.</summary>
    public Task<Reply> PostRaw(string function, HttpContent? body, params (string Name, string Value)[] headers)
    {
        var request = Server.Request(HttpMethod.Post, $"/api/appuser/{function}", headers);
        request.Content = body;
        return Server.Send(request, ClientAddress);
    }

    public Task<Reply> Signup(
        string handle,
        string password = Password,
        string? metaData = null,
        string? locale = null,
        LoggedInUser? upgrading = null
    )
    {
        var body = new Dictionary<string, string> { ["handle"] = handle, ["password"] = password };
        Add(body, "metaData", metaData);
        Add(body, "locale", locale);
        return Post("signup", body, upgrading is null ? [] : [("access-token", upgrading.AccessToken)]);
    }

    public Task<Reply> Complete(string handle, string code) => Post("completeSignup", new { handle, code });

    public Task<Reply> TryLogin(string handle, string password = Password) => Post("login", new { handle, password });

    public async Task<LoggedInUser> Login(string handle, string password = Password) => ParseTokens(await TryLogin(handle, password));

    public async Task<LoggedInUser> LoginAnonymous(string handle) => ParseTokens(await Post("loginAnonymous", new { handle }));

    /// <summary>A user who signed up at once (signup flow none).</summary>
    public async Task<LoggedInUser> CreateUser(string handle, string password = Password, string? metaData = null) =>
        ParseTokens(await Signup(handle, password, metaData));

    /// <summary>A user who signed up with the mailed code.</summary>
    public async Task<LoggedInUser> CreateUserByCode(string handle, string password = Password, string? metaData = null)
    {
        (await Signup(handle, password, metaData)).ShouldBeTrue();
        return ParseTokens(await Complete(handle, await LastCodeFor(handle)));
    }

    /// <summary>The app's mails to an address, newest first.</summary>
    public async Task<IReadOnlyList<Mail>> Mails(string to)
    {
        var printed = (await Installation.Run("mailbox", "--json", "--app", Id, "--to", to)).ShouldSucceed();
        return JsonSerializer.Deserialize<List<Mail>>(printed.Output, JsonSerializerOptions.Web)!;
    }

    /// <summary>Until what requests left for the moment after their response is done.</summary>
    public async Task WaitForDeferredWork() => await (await Installation.Get<DeferredWork>()).WaitUntilDone();

    /// <summary>The code last sent to a handle.</summary>
    public async Task<string> LastCodeFor(string handle) => (await Mails(handle)).First(mail => mail.Code is not null).Code!;

    public LoggedInUser ParseTokens(Reply reply)
    {
        var json = reply.ShouldBeOk().Json;
        return new(this, json.GetProperty("jwt").GetString()!, json.GetProperty("access-token").GetString()!)
        {
            RefreshToken = json.TryGetProperty("refresh-token", out var refresh) ? refresh.GetString() : null,
            SignedUserToken = json.TryGetProperty("signed-user-token", out var signedUser) ? signedUser.GetString() : null,
        };
    }

    /// <summary>Six digits that were not sent.</summary>
    public static string WrongCodeFor(string code) => code == "111111" ? "222222" : "111111";

    private static void Add(Dictionary<string, string> body, string name, string? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}

/// <summary>A mail as <c>mailbox --json</c> prints it.</summary>
public sealed record Mail(string To, string Kind, string Subject, string? Code, string? Link, string Text, string Html, string At);
