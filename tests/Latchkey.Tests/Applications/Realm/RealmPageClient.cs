namespace Latchkey.Tests.Applications.Realm;

/// <summary>One server that takes the stand-in for App Services, for all tests about it; they run one after the other.</summary>
public sealed class RealmServerFixture(ServerFixture servers) : IAsyncLifetime
{
    public const string Collection = "Realm";

    public ServerFixture All { get; } = servers;

    public FakeAppServices Realm { get; private set; } = null!;

    public ServerProcess Server { get; private set; } = null!;

    public PortalVisitor Operator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Realm = await FakeAppServices.Start();
        Server = await Start(Realm.Address, "--limits", "off");
        Operator = await PortalVisitor.Operator(Server);
    }

    /// <summary>Another server, with App Services at an address.</summary>
    public async Task<ServerProcess> Start(string address, params string[] options) =>
        await All.StartOn(await All.NewInstallation(), options, [("LATCHKEY_APP_SERVICES_URL", address)]);

    public async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        await Realm.DisposeAsync();
    }
}

[CollectionDefinition(RealmServerFixture.Collection)]
public sealed class RealmCollection : ICollectionFixture<RealmServerFixture>;

/// <summary>An application whose Realm application lives in a stand-in, and an operator in front of its page.</summary>
public sealed class RealmPageClient
{
    private RealmPageClient(FakeAppServices realm, App app, PortalVisitor visitor) => (Realm, App, Visitor) = (realm, app, visitor);

    public FakeAppServices Realm { get; }

    public App App { get; }

    public PortalVisitor Visitor { get; }

    public string Page => $"/portal/applications/{App.Id}/realm";

    public static (string, string)[] Keys { get; } =
    [("publicKey", FakeAppServices.PublicKey), ("privateKey", FakeAppServices.PrivateKey), ("projectId", FakeAppServices.ProjectId)];

    /// <summary>With nothing in App Services yet.</summary>
    public static Task<RealmPageClient> Begin(RealmServerFixture shared, params string[] settings) =>
        On(shared.Realm, shared.Server, shared.Operator, settings);

    public static async Task<RealmPageClient> On(
        FakeAppServices realm,
        ServerProcess server,
        PortalVisitor visitor,
        params string[] settings
    )
    {
        realm.Clear();
        return new(realm, await server.CreateRsaApp([$"realmAppId={FakeAppServices.RealmAppId}", .. settings]), visitor);
    }

    public Task<PortalResponse> Configure(string signing = "secret", params (string, string)[] more) =>
        Visitor.Submit(Page, "configure", [("signing", signing), .. Keys, .. more]);

    public Task<PortalResponse> Undo(params (string, string)[] more) => Visitor.Submit($"{Page}/undo", "undo", [.. Keys, .. more]);

    public Task<PortalResponse> ShowUsers(params (string, string)[] more) => Visitor.Submit($"{Page}-users", "show", [.. Keys, .. more]);

    /// <summary>The lines of the last run.</summary>
    public async Task<IReadOnlyList<string>> Report() =>
        [.. (await Visitor.Get(Page)).Document.QuerySelectorAll(".report li").Select(line => line.TextContent)];

    /// <summary>What has changed in App Services since the last time.</summary>
    public IReadOnlyList<RealmWrite> Writes()
    {
        var writes = Realm.Writes.ToList();
        Realm.Writes.Clear();
        return writes;
    }

    /// <summary>Neither the database nor the log holds any of what was typed.</summary>
    public async Task ShouldKeepNoKey()
    {
        foreach (var canary in new[] { FakeAppServices.PrivateKey, FakeAppServices.PublicKey, FakeAppServices.ProjectId, "refresh-canary" })
        {
            App.Server.Log.ShouldNotContain(line => line.Contains(canary, StringComparison.OrdinalIgnoreCase));
            (await Stored(App.Installation)).ShouldNotContain(canary, Case.Insensitive);
        }
    }

    private static async Task<string> Stored(TestInstallation installation)
    {
        if (Engine.IsPostgres)
        {
            var tables = await installation.Query<string>(
                "SELECT string_agg(table_name, ' ') FROM information_schema.tables WHERE table_schema = 'public'"
            );
            var all = await Task.WhenAll(
                tables.Split(' ').Select(table => installation.Query<string?>($"SELECT string_agg(t::text, ' ') FROM \"{table}\" t"))
            );
            return string.Join('\n', all);
        }

        var files = Directory
            .EnumerateFiles(installation.DataFolder, "*", SearchOption.AllDirectories)
            .Select(file =>
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
                return reader.ReadToEnd();
            });
        return string.Join('\n', files);
    }
}
