using Dapper;
using Latchkey.Activity.Metering;
using Latchkey.Data;
using Latchkey.Tests.Messages;

namespace Latchkey.Tests.Billing;

/// <summary>What is charged is written with what it counts, once, and outlives users and applications.</summary>
public sealed class MeteringTests(ServerFixture servers)
{
    private static readonly (string, string)[] On = [("LATCHKEY_BILLING", "on")];

    [Fact]
    public async Task A_user_counts_once_a_month_by_id_and_outlives_the_account_and_the_application()
    {
        var server = await servers.StartOn(await servers.NewInstallation(), environment: On);
        var app = await server.CreateApp("signupFlow=none", "anonymousLoginEnabled=1");
        var ann = await app.CreateUser("ann@example.com");
        await app.Login("ann@example.com");
        await app.Login("ann@example.com");
        var ids = await Subjects(app, MeterKind.ActiveUser);
        ids.ShouldBe([await server.Installation.Query<string>("SELECT id FROM users WHERE handle = 'ann@example.com'")]);
        await app.LoginAnonymous("ANON_1");
        (await Subjects(app, MeterKind.ActiveUser)).Count.ShouldBe(2);
        (
            await app.Post("deleteAccount", new { password = App.Password, handle = "ann@example.com" }, ("access-token", ann.AccessToken))
        ).ShouldBeTrue();
        (await Subjects(app, MeterKind.ActiveUser)).Count.ShouldBe(2);
        (await BillingInstallation.Command(server.Installation, "app", "delete", app.Id, "--confirm", "Demo")).ExitCode.ShouldBe(0);
        (await Subjects(app, MeterKind.ActiveUser)).Count.ShouldBe(2);
        (
            await server.Installation.Query<string>(
                "SELECT status FROM metered_states WHERE app_id = @Id ORDER BY began_at DESC LIMIT 1",
                new { app.Id }
            )
        ).ShouldBe(MeteredState.Deleted);
    }

    [Fact]
    public async Task Each_type_and_status_is_on_record_from_its_first_moment()
    {
        var installation = await servers.NewInstallation();
        Task<CommandResult> Run(params string[] arguments) => BillingInstallation.Command(installation, arguments);
        var app = (await Run("app", "create", "--name", "Demo", "--json")).ShouldSucceed().Json.GetProperty("appId").GetString()!;
        foreach (var change in new[] { "type=commercial", "status=inactive", "name=Other", "status=active", "status=active" })
        {
            (await Run("app", "set", app, change)).ShouldSucceed();
        }

        var states = await (await installation.Get<Database>()).Read(db => new MeterReadings().States(db, app, long.MaxValue));
        states
            .Select(state => $"{state.Name} {state.Type} {state.Status}")
            .ShouldBe(["Demo development active", "Demo commercial active", "Demo commercial inactive", "Other commercial active"]);
    }

    [Fact]
    public async Task A_mail_counts_when_the_installations_provider_has_taken_it()
    {
        await using var smtp = new FaultySmtpServer(SmtpBehaviour.Busy);
        var server = await servers.StartOn(
            await servers.NewInstallation(),
            environment:
            [
                .. On,
                ("LATCHKEY_SMTP_HOST", "127.0.0.1"),
                ("LATCHKEY_SMTP_PORT", $"{smtp.Port}"),
                ("LATCHKEY_SMTP_SECURITY", "none"),
                ("LATCHKEY_SMTP_FROM", "demo@sender.example"),
            ]
        );
        var app = await server.CreateApp();
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        await WaitUntil.IsTrue("the server was too busy", () => Task.FromResult(smtp.Connections > 0));
        (await Subjects(app, MeterKind.Mail)).ShouldBeEmpty();
        smtp.Behaviour = SmtpBehaviour.Normal;
        var id = await server.Installation.Query<string>("SELECT id FROM messages WHERE app_id = @Id", new { app.Id });
        await WaitUntil.IsTrue("the mail is taken", async () => (await Subjects(app, MeterKind.Mail)) is [var one] && one == id);
    }

    /// <summary>On PostgreSQL the row travels with the commit: the login has no further round trip. SQLite has none at all.</summary>
    [Fact]
    public async Task A_use_is_sent_with_the_commit_and_counts_once()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2027, 3, 31, 23, 59, 59, TimeSpan.Zero));
        var (store, at) = (billing.Get<MeteringStore>(), billing.Clock.Now());
        var seen = await billing.Database.Write(async db =>
        {
            await store.RecordUse(db, "app", MeterKind.ActiveUser, "ann", at);
            await store.RecordUse(db, "app", MeterKind.ActiveUser, "ann", at + 1);
            return await db.QuerySingleAsync<long>("SELECT COUNT(*) FROM metered_uses");
        });
        seen.ShouldBe(Engine.IsPostgres ? 0 : 1);
        await billing.Database.Write(db => store.RecordUse(db, "app", MeterKind.ActiveUser, "ann", at + 1000));
        var rows = await billing.Database.Read(db => db.QueryAsync<(int Month, long At)>("SELECT month, at FROM metered_uses ORDER BY at"));
        rows.ShouldBe([(202703, at), (202704, at + 1000)]);
    }

    [Fact]
    public async Task A_use_is_rolled_back_with_what_it_counts()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2027, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await Should.ThrowAsync<InvalidDataException>(() =>
            billing.Database.Write(async db =>
            {
                await billing.Get<MeteringStore>().RecordUse(db, "app", MeterKind.Mail, "m1", 1);
                throw new InvalidDataException();
            })
        );
        (await billing.Installation.Query<long>("SELECT COUNT(*) FROM metered_uses")).ShouldBe(0);
    }

    [Fact]
    public async Task What_changed_while_billing_was_off_is_on_record_from_the_next_run()
    {
        var installation = await servers.NewInstallation();
        var made = (await installation.Run("app", "create", "--name", "Demo", "--json", "type=commercial")).ShouldSucceed().Json;
        var app = made.GetProperty("appId").GetString()!;
        async Task<string> Record() =>
            string.Join(
                ' ',
                await (await installation.Get<Database>()).Read(db =>
                    db.QueryAsync<string>("SELECT status FROM metered_states WHERE app_id = @app ORDER BY began_at, id", new { app })
                )
            );

        (await Record()).ShouldBe("");
        (await BillingInstallation.Command(installation, "billing", "run")).ShouldSucceed();
        (await Record()).ShouldBe("active");
        (await installation.Run("app", "set", app, "status=inactive")).ShouldSucceed();
        (await BillingInstallation.Command(installation, "billing", "run")).ShouldSucceed();
        (await BillingInstallation.Command(installation, "billing", "run")).ShouldSucceed();
        (await Record()).ShouldBe("active inactive");
        (await installation.Run("app", "delete", app, "--confirm", "Demo")).ShouldSucceed();
        (await BillingInstallation.Command(installation, "billing", "run")).ShouldSucceed();
        (await BillingInstallation.Command(installation, "billing", "run")).ShouldSucceed();
        (await Record()).ShouldBe("active inactive deleted");
    }

    [Fact]
    public async Task A_server_without_billing_records_that_nothing_is_metered_any_more()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("app", "create", "--name", "Demo", "type=commercial")).ShouldSucceed();
        (await BillingInstallation.Command(installation, "billing", "run")).ShouldSucceed();
        await servers.StartOn(installation);
        await WaitUntil.IsTrue(
            "it is recorded",
            async () =>
                await installation.Query<string>("SELECT status FROM metered_states ORDER BY began_at DESC, id DESC LIMIT 1")
                == MeteredState.Unmetered
        );
    }

    private static async Task<IReadOnlyList<string>> Subjects(App app, string kind) =>
        [
            .. await (await app.Installation.Get<Database>()).Read(db =>
                db.QueryAsync<string>("SELECT subject FROM metered_uses WHERE app_id = @Id AND kind = @kind", new { app.Id, kind })
            ),
        ];
}
