using Latchkey.Activity.Audit;
using Latchkey.Data;

namespace Latchkey.Tests.Activity.Audit;

/// <summary>The stored log of the installation and its portal accounts (security.md row 155).</summary>
public sealed class InstallationLogTests(ServerFixture servers)
{
    [Fact]
    public async Task What_operators_do_is_stored_with_who_did_it_and_to_whom()
    {
        const string from = "127.0.45.1";
        var (ada, bob) = (
            await PortalAccount.Create(servers.Main, "ada", isOperator: true),
            await PortalAccount.Create(servers.Main, "bob")
        );
        var browser = await ada.SignIn(from: from);
        await browser.Post("/portal/operator/joining", "mode", ("mode", "invitation"));
        await browser.Post("/portal/operator/joining", "mode", ("mode", "invitation"));
        await browser.Post($"/portal/operator/developers/{bob.Id}", "suspend");
        var lines = await About(servers.Main, ada.Email);
        lines
            .Where(line => line.Actor == ada.Email)
            .Select(line => (line.Action, line.Detail, line.ActorId, line.DeveloperEmail, line.Client, line.IsRefused, line.Count))
            .ShouldBe([
                ("suspendDeveloper", "suspended", ada.Id, bob.Email, from, false, 1),
                ("setSignUpMode", "sign-up set to invitation", ada.Id, null, from, false, 1), // each a line of its own
                ("setSignUpMode", "sign-up set to invitation", ada.Id, null, from, false, 1),
            ]);
        lines.Last(line => line.Action == "createDeveloper").Who.ShouldStartWith("command line (");
        (await About(servers.Main, bob.Email)).Count(line => line.Action == "suspendDeveloper").ShouldBe(1);
    }

    [Fact]
    public async Task What_was_refused_and_changed_nothing_is_no_line()
    {
        var ada = await PortalAccount.Create(servers.Main, "ada", isOperator: true);
        var browser = await ada.SignIn();
        await browser.Post("/portal/operator/joining", "mode", ("mode", "everybody"));
        await browser.Post($"/portal/operator/developers/{ada.Id}", "suspend");
        (await About(servers.Main, ada.Email)).Select(line => line.Action).ShouldBe(["signIn", "createDeveloper"]);
    }

    [Fact]
    public async Task What_somebody_does_with_the_own_account_follows_a_new_address()
    {
        var (account, next) = (await PortalAccount.Create(servers.Main, "own"), PortalAccount.UniqueEmail("new"));
        var browser = await account.SignIn();
        await browser.Post("/portal/account", "name", ("name", "Renamed"));
        await browser.Post("/portal/account/email", "email", ("email", next));
        await browser.Post(await PortalAccount.LastLinkTo(servers.Main, next), "confirm");
        var lines = await About(servers.Main, next);
        lines
            .Select(line => (line.Action, line.Who == next))
            .ShouldBe([
                ("changeEmail", true),
                ("requestEmailChange", true),
                ("changeName", true),
                ("signIn", true),
                ("createDeveloper", false),
            ]);
        (await About(servers.Main, account.Email)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_passwords_for_an_account_are_counted_in_one_line()
    {
        var server = await servers.Start("--limits", "off");
        var account = await PortalAccount.Create(server);
        for (var i = 0; i < 6; i++)
        {
            await new PortalClient(server, Clients.Address(46, i)).SignIn(account.Email, "not the password");
        }

        await account.SignIn(from: "127.46.9.9");
        await account.SignIn(from: "127.46.9.9");
        var lines = (await About(server, account.Email)).Where(line => line.Action == InstallationEntry.SignIn).ToList();
        var refused = lines.Where(line => line.IsRefused).ToList();
        refused.Sum(line => line.Count).ShouldBe(6);
        refused.Count.ShouldBeLessThanOrEqualTo(2); // an hour may have ended meanwhile
        refused[0].Client.ShouldBe(Clients.Address(46, 5));
        refused[0].Detail.ShouldBe("wrong password");
        var done = lines.Where(line => !line.IsRefused).ToList();
        done.Sum(line => line.Count).ShouldBe(2);
        done[0].Detail.ShouldBe("signed in");
    }

    [Fact]
    public async Task Strangers_from_many_networks_make_one_line()
    {
        var server = await servers.Start("--limits", "off");
        for (var i = 0; i < 8; i++)
        {
            await new PortalClient(server, Clients.Address(47, i)).SignIn(PortalAccount.UniqueEmail("nobody"), "a guess");
        }

        var lines = await Page(server, new LogFilter { Result = LogFilter.Refused });
        lines.Sum(line => line.Count).ShouldBe(8);
        lines.Count.ShouldBeLessThanOrEqualTo(2);
        lines[0].Who.ShouldBe("unknown account");
    }

    [Fact]
    public async Task What_was_typed_as_an_unknown_address_or_a_password_is_not_stored()
    {
        var server = await servers.Start("--limits", "off");
        var account = await PortalAccount.Create(server);
        var client = new PortalClient(server);
        await client.SignIn("typed-into-the-wrong-field", "typed-as-the-password");
        await client.SignIn(account.Email, "typed-as-the-password");
        var browser = await account.SignIn();
        await browser.Post("/portal/account/password", "password", ("password", "typed-as-the-password next"));
        var stored = string.Join('\n', (await Page(server, new LogFilter())).Select(line => line.ToString()));
        stored.ShouldContain("password changed");
        stored.ShouldNotContain("typed-");
    }

    [Fact]
    public async Task A_deleted_account_leaves_no_client_address_of_what_it_did_with_itself()
    {
        var server = await servers.Start("--limits", "off");
        var (ada, bob) = (await PortalAccount.Create(server, "ada", isOperator: true), await PortalAccount.Create(server, "bob"));
        await bob.SignIn(from: "127.48.0.1");
        var browser = await ada.SignIn(from: "127.48.0.2");
        await browser.Post($"/portal/operator/developers/{bob.Id}", "delete", ("confirm", bob.Email));
        (await About(server, bob.Email)).ShouldBeEmpty();
        var about = (await Page(server, new LogFilter())).Where(line => line.DeveloperId == bob.Id).ToList();
        about
            .Select(line => (line.Action, line.Client))
            .ShouldBe([("deleteDeveloper", "127.48.0.2"), ("signIn", ""), ("createDeveloper", "")]);
        about[1].Who.ShouldBe("deleted account");
        string.Join('\n', about).ShouldNotContain(bob.Email);
    }

    [Fact]
    public async Task A_deleted_application_is_in_it()
    {
        var app = await servers.Main.CreateApp();
        var owner = await (await PortalAccount.Create(servers.Main, "owner")).AddAsMember(app.Id, "owner");
        await (await owner.SignIn()).Post($"/portal/applications/{app.Id}/delete", "erase", ("name", "Demo"));
        (await About(servers.Main, owner.Email))[0].Detail.ShouldBe($"application Demo ({app.Id}) deleted");
    }

    [Fact]
    public async Task Lines_are_read_page_by_page_and_filtered_by_action_and_time()
    {
        var server = await servers.Start("--limits", "off");
        await Insert(server, 25, "old", at: 1_000_000);
        await Insert(server, 5, "new", at: 90_000_000_000);
        var reader = await server.Installation.Get<InstallationLogReader>();
        var (seen, cursor) = (new List<string>(), (LogCursor?)LogCursor.Start);
        while (cursor is { } after)
        {
            (var lines, cursor) = await reader.Page(new LogFilter(), after, 7);
            seen.AddRange(lines.Select(line => line.Id));
        }

        seen.Count.ShouldBe(30);
        seen.Distinct().Count().ShouldBe(30);
        (await Page(server, new LogFilter { Action = "new" })).Count.ShouldBe(5);
        var days = Latchkey.Core.DayRange.Parse("1972-11-01", "1972-11-30").Value!;
        (await Page(server, new LogFilter { Days = days })).Select(line => line.Action).Distinct().ShouldBe(["new"]);
        (await reader.ListActions()).ShouldBe(["new", "old"]);
        (await Page(server, new LogFilter { Handle = "server", Action = "old" })).Count.ShouldBe(25);
        (await Page(server, new LogFilter { Handle = "nobody" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_lines_are_removed_in_batches()
    {
        var server = await servers.Start("--limits", "off");
        await Insert(server, 5, "old", at: 1_000);
        await Insert(server, 2, "new", at: 3_000);
        var (database, store) = (await server.Installation.Get<Database>(), await server.Installation.Get<InstallationLogStore>());
        (await database.Write(db => store.RemoveOlder(db, before: 2_000, limit: 3))).ShouldBe(3);
        (await database.Write(db => store.RemoveOlder(db, before: 2_000, limit: 3))).ShouldBe(2);
        (await Page(server, new LogFilter())).Select(line => line.Action).ShouldBe(["new", "new"]);
    }

    [Fact]
    public async Task The_command_line_shows_it()
    {
        var server = await servers.Start("--limits", "off");
        (await server.Installation.Run("log")).ShouldSucceed().Output.ShouldContain("Nothing is in the log.");
        var account = await PortalAccount.Create(server);
        await new PortalClient(server, "127.49.0.1").SignIn(account.Email, "not the password");
        (await server.Installation.Run("installation", "set", "signUp=closed")).ShouldSucceed();
        var text = (await server.Installation.Run("log", "--person", account.Email)).ShouldSucceed().Output;
        text.ShouldContain($"signIn  {account.Email} (127.49.0.1)  refused: wrong password");
        text.ShouldNotContain("sign-up set to closed");
        var json = (await server.Installation.Run("log", "--action", "setSignUpMode", "--json")).ShouldSucceed().Json;
        json[0].GetProperty("detail").GetString().ShouldBe("sign-up set to closed");
        json[0].GetProperty("by").GetString()!.ShouldStartWith("command line (");
        (await server.Installation.Run("log", "--action", new string('a', 400))).ExitCode.ShouldBe(1);
    }

    private static async Task<IReadOnlyList<InstallationLogLine>> Page(ServerProcess server, LogFilter filter) =>
        (await (await server.Installation.Get<InstallationLogReader>()).Page(filter, LogCursor.Start, 200)).Lines;

    private static Task<IReadOnlyList<InstallationLogLine>> About(ServerProcess server, string email) =>
        Page(server, new LogFilter { Handle = email });

    private static async Task Insert(ServerProcess server, int count, string action, long at)
    {
        for (var i = 0; i < count; i++)
        {
            await server.Installation.Execute(
                "INSERT INTO installation_log (id, at, action, actor, actor_id, developer_id, refused, detail, client) "
                    + "VALUES (@id, @at, @action, 'server', '', '', FALSE, '', '')",
                new
                {
                    id = Ids.New(TimeProvider.System),
                    at,
                    action,
                }
            );
        }
    }
}
