using Latchkey.Applications;
using Latchkey.Operations.Erasure;

namespace Latchkey.Tests.Operations.Erasure;

/// <summary>What a reset and a deletion take away, what they leave, and what happens meanwhile.</summary>
public sealed class ApplicationDeletionTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private static readonly string[] Emptied =
    [
        "users",
        "sessions",
        "user_codes",
        "recovery_codes",
        "remembered_devices",
        "signups",
        "invitations",
        "messages",
        "message_directory",
    ];
    private static readonly string[] Kept =
    [
        "app_tokens",
        "app_secrets",
        "app_secret_directory",
        "signing_keys",
        "templates",
        "members",
        "application_statuses",
        "jwt_switches",
        "petitions",
        "domain_requests",
    ];
    private static readonly ChangeContext Owner = new(new("owner@example.com", "127.0.0.1"), Role.Owner);

    [Fact]
    public async Task A_reset_deletes_users_and_what_is_about_them_and_nothing_else()
    {
        var (app, ann) = await Filled();
        var (other, bob) = await Filled();
        var (before, others) = (await Rows(app), await Rows(other));
        Emptied.ShouldAllBe(table => before[table] > 0);
        Kept.ShouldAllBe(table => before[table] > 0);
        var settings = await app.Installation.Query<string>("SELECT settings FROM applications WHERE id = @Id", new { app.Id });

        (await app.Installation.Run("app", "reset", app.Id, "--confirm", "Another")).ShouldFail("nothing was deleted");
        (await Rows(app)).ShouldBe(before, ignoreOrder: true);
        (await app.Installation.Run("app", "reset", app.Id, "--confirm", "Demo")).ShouldSucceed();

        var after = await Rows(app);
        Emptied.ShouldAllBe(table => after[table] == 0);
        Kept.ShouldAllBe(table => after[table] == before[table]);
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND (handle LIKE 'ann%' OR actor IN ('user', 'server'))",
                new { app.Id }
            )
        ).ShouldBe(0);
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action IN ('createApplication', 'resetApplication', 'addMember')",
                new { app.Id }
            )
        ).ShouldBe(3);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM jobs WHERE app_id = @Id AND kind = 'export'", new { app.Id })).ShouldBe(
            0
        );
        (await app.Installation.Query<string>("SELECT settings FROM applications WHERE id = @Id", new { app.Id })).ShouldBe(settings);
        (await Rows(other)).ShouldBe(others, ignoreOrder: true);
        (await bob.TryGetUser()).ShouldBeOk();

        (await ann.TryGetUser()).ShouldFailWith(405);
        await WaitUntil.IsTrue("people can sign up again", async () => (await app.Signup("new@example.com")).Code is null);
        (await app.TryLogin(Ann)).ShouldFailWith(600);
    }

    [Fact]
    public async Task From_a_resets_first_moment_no_token_works_and_nobody_gets_in_until_it_is_through()
    {
        var (app, ann) = await Filled();
        await Mark(app, DeletionState.Reset);
        (await ann.TryGetUser()).ShouldFailWith(405);
        var busy = await app.PostWithoutRetry("login", new { handle = Ann, password = App.Password });
        busy.ShouldFailWith(701, System.Net.HttpStatusCode.ServiceUnavailable);
        busy.Header("Retry-After").ShouldBe("5");
        (await app.PostWithoutRetry("signup", new { handle = "new@example.com", password = App.Password })).ShouldFailWith(
            701,
            System.Net.HttpStatusCode.ServiceUnavailable
        );
        (await app.SendAsServer(HttpMethod.Get, "users")).ShouldFailWith(701, System.Net.HttpStatusCode.ServiceUnavailable);
        (await app.Get("getApplication")).ShouldBeOk();

        (await Finish(app, DeletionState.Reset)).ShouldBeTrue();
        await WaitUntil.IsTrue(
            "people can sign up again",
            async () => (await app.PostWithoutRetry("signup", new { handle = "new@example.com", password = App.Password })).Code is null
        );
        (await ann.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task From_a_deletions_first_moment_the_application_is_gone_for_everyone()
    {
        var (app, ann) = await Filled();
        await Mark(app, DeletionState.Delete);
        (await app.Get("getApplication")).ShouldFailWith(401);
        (await ann.TryGetUser()).ShouldFailWith(401);
        (await app.Installation.Run("app", "show", app.Id)).ShouldFail("no application");
        (await app.Installation.Run("app", "list")).ShouldSucceed().Output.ShouldNotContain(app.Id);
        (await app.Installation.Run("app", "set", app.Id, "status=active")).ExitCode.ShouldBe(1);
        (await Rows(app))["users"].ShouldBe(1);

        (await Finish(app, DeletionState.Delete)).ShouldBeTrue();
        (await Rows(app)).Values.ShouldAllBe(number => number == 0);
        (await app.Get("getApplication")).ShouldFailWith(401);
    }

    [Fact]
    public async Task Steps_leave_an_application_alone_that_does_not_bear_their_mark()
    {
        var (app, ann) = await Filled();
        var before = await Rows(app);
        (await Finish(app, DeletionState.Reset)).ShouldBeTrue();
        (await Finish(app, DeletionState.Delete)).ShouldBeTrue();
        (await Rows(app)).ShouldBe(before, ignoreOrder: true);
        (await ann.TryGetUser()).ShouldBeOk();
    }

    [Theory]
    [InlineData(Role.Editor, "active", false, false)]
    [InlineData(Role.Owner, "active", true, true)]
    [InlineData(Role.Owner, "suspended", true, false)]
    [InlineData(Role.Owner, "blocked", false, false)]
    [InlineData(Role.Operator, "suspended", true, true)]
    [InlineData(Role.Operator, "blocked", true, true)]
    public async Task Owners_and_the_operator_may_but_the_record_of_a_suspension_or_a_block_is_the_operators_to_end(
        Role by,
        string status,
        bool mayReset,
        bool mayDelete
    )
    {
        var app = await servers.Main.CreateApp();
        await app.Set($"status={status}", "--reason", "a breach");
        var rules = await app.Installation.Get<DeletionRules>();
        (await rules.Reset(app.Id, "Demo", new ChangeContext(new("someone@example.com", "127.0.0.1"), by))).Succeeded.ShouldBe(mayReset);
        (await rules.Delete(app.Id, "Demo", new ChangeContext(new("someone@example.com", "127.0.0.1"), by))).Succeeded.ShouldBe(mayDelete);
        (
            await app.Installation.Query<string?>("SELECT erasing FROM applications WHERE id = @Id", new { app.Id }) is "delete" or null
        ).ShouldBe(mayDelete);
    }

    [Fact]
    public async Task The_owner_of_a_suspended_one_is_told_to_ask_the_operator_and_has_nothing_to_press()
    {
        var app = await servers.Main.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        var form = await owner.Open($"/portal/applications/{app.Id}/delete", "erase");
        await app.Set("status=suspended");
        var page = await owner.Get($"/portal/applications/{app.Id}/delete");
        page.Text("main").ShouldContain("Ask the operator");
        page.Document.QuerySelectorAll("main form").ShouldBeEmpty();
        (await owner.Send($"/portal/applications/{app.Id}/delete", form, ("name", "Demo"))).Status.ShouldBe(
            System.Net.HttpStatusCode.BadRequest
        );
        (await app.Installation.Query<string>("SELECT erasing FROM applications WHERE id = @Id", new { app.Id })).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_reset_waits_for_the_first_and_a_deletion_overtakes_it()
    {
        var (app, _) = await Filled();
        var rules = await app.Installation.Get<DeletionRules>();
        await Mark(app, DeletionState.Reset);
        (await rules.Reset(app.Id, "Demo", Owner)).Error!.Message.ShouldContain("already");
        (await rules.Delete(app.Id, "Demo", Owner)).Succeeded.ShouldBeTrue();
        await WaitUntil.IsTrue(
            "the server has deleted it",
            async () => await app.Installation.Query<long>("SELECT COUNT(*) FROM applications WHERE id = @Id", new { app.Id }) == 0
        );
        (await Finish(app, DeletionState.Reset)).ShouldBeTrue();
    }

    /// <summary>As the rules do it, without the job that goes on with it.</summary>
    private static async Task Mark(App app, string mark)
    {
        var (database, store) = (await app.Installation.Get<Latchkey.Data.Database>(), await app.Installation.Get<ApplicationStore>());
        var shown = await app.Get("getApplication");
        await database.Write(db => store.SetDeletionState(db, app.Id, mark));
        await WaitUntil.IsTrue(
            "the server follows",
            async () => await app.Get("getApplication") is var reply && (reply.Code == 401 || reply.Header("ETag") != shown.Header("ETag"))
        );
    }

    private static async Task<bool> Finish(App app, string mark) =>
        (
            await (await app.Installation.Get<DeletionSteps>()).RunFor(
                app.Id,
                mark,
                TimeSpan.FromMinutes(1),
                TestContext.Current.CancellationToken
            )
        ).IsDone;

    /// <summary>An application with at least a row in every table, and a user who is logged in.</summary>
    private async Task<(App App, LoggedInUser User)> Filled()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var ann = await app.CreateUserByCode(Ann);
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
        (await ann.Invite("ben@example.com")).ShouldBeTrue();
        (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
        await app.Installation.Execute(
            "INSERT INTO recovery_codes (app_id, id, user_id, code_hash, ring_key, created_at) SELECT app_id, id, id, 'h', 'k', 1 "
                + "FROM users WHERE app_id = @Id",
            new { app.Id }
        );
        await app.Installation.Execute(
            "INSERT INTO remembered_devices (app_id, id, user_id, token_hash, device_name, client, created_at, expires_at) "
                + "SELECT app_id, id, id, 'h', '', '', 1, 9000000000000 FROM users WHERE app_id = @Id",
            new { app.Id }
        );
        await app.Installation.Execute(
            "INSERT INTO templates (app_id, locale, kind, subject, reply_to, html, link_text, updated_at) VALUES (@Id, 'EN', "
                + "'signUp', 's', '', '<p>%CODE%</p>', '', 0)",
            new { app.Id }
        );
        await app.Installation.Execute(
            "INSERT INTO jwt_switches (app_id, id, enabled, reason, actor, switched_at) VALUES (@Id, @Id, TRUE, '', 'd', 1)",
            new { app.Id }
        );
        await app.Installation.Execute(
            "INSERT INTO petitions (id, app_id, petitioner, against, reason, words, state, answer, answered_by, created_at, "
                + "answered_at) VALUES (@Id, @Id, 'd', 'blocked', '', 'w', 'declined', 'a', 'o', 1, 2)",
            new { app.Id }
        );
        await app.Installation.Execute(
            "INSERT INTO domain_requests (app_id, host, proof, requester, created_at, flaw) VALUES (@Id, 'shop.example', 'p', 'd', 1, '')",
            new { app.Id }
        );
        await app.Installation.Execute(
            "INSERT INTO developers (id, email, email_key, name, role, status, password_hash, created_at) VALUES (@Id, @Id, @Id, 'd', "
                + "'developer', 'active', '', 1)",
            new { app.Id }
        );
        await app.Installation.Execute(
            "INSERT INTO audit (id, app_id, action, actor, handle, code, detail, client, at) VALUES (@Id, @Id, 'addMember', "
                + "'owner@example.com', 'dev@example.com', 0, '', '', 1)",
            new { app.Id }
        );
        await app.Installation.Execute(
            "INSERT INTO audit (id, app_id, action, actor, handle, code, detail, client, at) VALUES (@key, @Id, 'suspendUser', "
                + "'owner@example.com', 'ann@example.com', 0, '', '', 1)",
            new { app.Id, key = app.Id + "2" }
        );
        await app.Installation.Execute(
            "INSERT INTO jobs (id, app_id, kind, actor, input, state, done, total, outcome, created_at, leased_until, "
                + "finished_at) VALUES (@Id, @Id, 'export', 'd', '', 'done', 1, 1, '', 1, 1, 1)",
            new { app.Id }
        );
        await app.Installation.Execute(
            "INSERT INTO members (app_id, developer_id, role, added_at) VALUES (@Id, @Id, 'owner', 1)",
            new { app.Id }
        );
        return (app, ann);
    }

    private static async Task<Dictionary<string, long>> Rows(App app)
    {
        var rows = new Dictionary<string, long>();
        foreach (var table in Emptied.Concat(Kept))
        {
            rows[table] = await app.Installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id", new { app.Id });
        }

        return rows;
    }
}
