using Dapper;
using Latchkey.Data;
using Latchkey.Tests.Operations.UserTransfer;
using Latchkey.Tests.Storage;

namespace Latchkey.Tests.Nodes;

/// <summary>
/// The tables of the applications partitioned by hash of app_id. The server does not know. LATCHKEY_TEST_ENGINE=postgres-partitioned runs
/// any other class of tests on the same layout.
/// </summary>
public sealed class PartitionedDatabaseTests(ServerFixture servers)
{
    private const int Applications = 8;
    private const string Ann = "ann@example.com";
    private static readonly string[] Pages =
    [
        "users",
        "users?search=ann",
        "users/anonymous",
        "users/signups",
        "users/invitations",
        "logs",
        "logs/messages",
        "mailbox",
    ];

    [Fact]
    public async Task Applications_on_different_partitions_have_all_that_users_do()
    {
        await using var installation = await NewInstallation();
        var server = await servers.StartOn(installation, ["--limits", "off"]);
        var apps = await Task.WhenAll(
            Enumerable.Range(0, Applications).Select(_ => Task.Run(() => server.CreateApp("signupFlow=code", "userNamesEnabled=1")))
        );
        (await PartitionsOf(installation, "users", apps)).ShouldBeGreaterThan(1);
        foreach (var app in apps)
        {
            var ann = await app.CreateUserByCode(Ann);
            (await ann.Post("setUserName", new { userName = "ann" })).ShouldBeTrue();
            (await ann.Invite("bob@example.com")).ShouldBeTrue();
            var bob = app.ParseTokens(await app.Register("bob@example.com", await app.LastCodeFor("bob@example.com")));
            // A unique index of a partition has a name of its own
            (await bob.Post("setUserName", new { userName = "ann" })).ShouldFailWith(605);
            (await app.ForgotPassword(Ann)).ShouldBeTrue();
            (await app.ResetPassword(Ann, await app.LastCodeFor(Ann))).ShouldBeTrue();
            (await app.Login(Ann, AppFlows.NewPassword)).Jwt.ShouldNotBeEmpty();
            (await bob.TryGetUser()).ShouldBeOk();
            (await app.SendAsServer(HttpMethod.Get, "users")).ShouldBeOk().Text.ShouldContain(Ann);
        }

        (await Task.WhenAll(apps.Select(app => app.Users()))).ShouldAllBe(users => users == 2);
    }

    [Fact]
    public async Task Operators_see_all_of_them_and_delete_one()
    {
        await using var installation = await NewInstallation();
        var server = await servers.StartOn(installation);
        var (kept, deleted) = (await server.CreateApp("signupFlow=none"), await server.CreateApp("signupFlow=none"));
        await kept.CreateUser(Ann);
        await deleted.CreateUser(Ann);
        var portal = await (await PortalAccount.Create(server, isOperator: true)).SignIn();
        foreach (var app in new[] { kept, deleted })
        {
            foreach (var page in Pages)
            {
                (await portal.Get($"/portal/applications/{app.Id}/{page}")).ShouldBeOk();
            }

            (await portal.Get($"/portal/applications/{app.Id}/users")).Text.ShouldContain(Ann);
        }

        (await portal.Get("/portal/operator/mailbox")).ShouldBeOk();
        await deleted.Delete();
        await WaitUntil.IsTrue("nothing of it is left", async () => (await RowsOf(installation, deleted.Id)).Values.Sum() == 0);
        (await kept.TryLogin(Ann)).ShouldBeOk();
        (await RowsOf(installation, kept.Id))["users"].ShouldBe(1);
    }

    [Fact]
    public async Task Files_of_deleted_users_are_counted_down_and_queued()
    {
        await using var installation = await NewInstallation();
        var server = await servers.StartOn(installation);
        foreach (var app in new[] { await server.CreateApp("signupFlow=none"), await server.CreateApp("signupFlow=none") })
        {
            string[] bucket = ["--endpoint", "https://s3.example.invalid", "--bucket", "files", "--key-id", "K", "--secret-stdin"];
            (await app.RunStorage("secret", ["set", app.Id, .. bucket])).ShouldSucceed();
            foreach (var user in new[] { await app.CreateUser(Ann), await app.CreateUser("bob@example.com") })
            {
                (await user.CreateAsset("first.png")).ShouldBeOk();
                (await user.CreateAsset("second.png")).ShouldBeOk();
            }

            await app.Installation.Execute("DELETE FROM users WHERE app_id = @Id", new { app.Id });
            (await app.Totals()).ShouldBe("0 0 0 0");
            (await RowsOf(installation, app.Id))["storage_removals"].ShouldBe(4);
        }
    }

    [Fact]
    public async Task Users_are_imported_and_a_backup_goes_from_partitions_to_a_plain_schema_and_back()
    {
        await using var installation = await NewInstallation();
        var server = await servers.StartOn(installation);
        var app = await server.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        var text = $"handle\n{Ann}\n{string.Join('\n', Enumerable.Range(0, 50).Select(i => $"user{i}@example.com"))}\n";
        (await app.Import("users.csv", text, "--json")).ShouldSucceed().Numbers().ShouldBe([51, 50, 0, 1, 0]);
        (await app.Export("csv")).ShouldContain("user49@example.com");

        var plain = await Restore(installation, await servers.NewInstallation());
        var again = await Restore(plain, await NewInstallation());
        var moved = app with { Server = await servers.StartOn(again) };
        (await moved.TryLogin(Ann)).ShouldBeOk();
        (await moved.Users()).ShouldBe(51);
        (await moved.SendAsServer(HttpMethod.Get, "users")).ShouldBeOk(); // the secret's directory came along
    }

    [Fact]
    public async Task What_every_request_reads_looks_into_one_partition()
    {
        await using var installation = await NewInstallation();
        const string sql =
            "SELECT u.id FROM sessions s JOIN users u ON u.app_id = s.app_id AND u.id = s.user_id WHERE s.app_id = 'a' AND s.id = 'b'";
        var database = await installation.Get<Database>();
        var plan = string.Join('\n', await database.Read(db => db.QueryAsync<string>($"EXPLAIN {sql}")));
        Count("sessions_p").ShouldBe(1, plan);
        Count("users_p").ShouldBe(1, plan);

        int Count(string partition) => System.Text.RegularExpressions.Regex.Count(plan, $@" on {partition}\d");
    }

    private async Task<TestInstallation> NewInstallation()
    {
        Assert.SkipUnless(Engine.IsPostgres, "SQLite has no partitions");
        var connection = await servers.Cluster.ShouldNotBeNull().CreateDatabase(isEmpty: true);
        await PartitionedSchema.Create(connection);
        PartitionedSchema.Tables.Count.ShouldBeGreaterThan(15);
        return TestInstallation.Attach(connection);
    }

    private static async Task<TestInstallation> Restore(TestInstallation source, TestInstallation target)
    {
        var file = Path.Combine(source.DataFolder, $"{Path.GetRandomFileName()}.zip");
        (await source.Run("backup", file, "--with-keys")).ShouldSucceed();
        (await target.Run("restore", file, "--trust-file")).ShouldSucceed();
        return target;
    }

    /// <summary>How many partitions of a table the applications' rows would be in.</summary>
    private static async Task<int> PartitionsOf(TestInstallation installation, string table, IEnumerable<App> apps)
    {
        var found = new HashSet<int>();
        foreach (var app in apps)
        {
            for (var i = 0; i < PartitionedSchema.Partitions; i++)
            {
                var isHere = await installation.Query<bool>(
                    $"SELECT satisfies_hash_partition('{table}'::regclass, {PartitionedSchema.Partitions}, {i}, @Id::text)",
                    new { app.Id }
                );
                if (isHere)
                {
                    found.Add(i);
                }
            }
        }

        return found.Count;
    }

    /// <summary>The rows of an application in each table that names it.</summary>
    private static async Task<Dictionary<string, long>> RowsOf(TestInstallation installation, string appId)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in PartitionedSchema.Tables.Concat(["app_secret_directory", "message_directory", "developer_invitations"]))
        {
            rows[table] = await installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE app_id = @appId", new { appId });
        }

        return rows;
    }
}
