using System.Net;
using System.Text.Json;
using Latchkey.Tests.Api.Passkeys;
using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>The download of a user's data, and the deletion of the account.</summary>
public sealed class AccountDataTests(ServerFixture servers)
{
    private const string Ann = AccountVisitor.Ann;

    [Fact]
    public async Task The_download_has_everything_and_no_secret()
    {
        using var ann = await AccountVisitor.Create(
            servers,
            [
                .. AccountVisitor.Passkeys,
                "secondFactorPolicy=optional",
                "secondFactors=authenticator,sms",
                "metaData=[{\"path\":\"user_data.town\",\"fieldName\":\"town\",\"canEdit\":true,\"required\":false}]",
            ]
        );
        await ann.Submit(await ann.Open("account/profile"), "fields", ("field-0", "Lund"));
        using var phone = new SoftAuthenticator();
        (await (await ann.Provider.App.Login(Ann)).AddPasskey(phone, "My key")).ShouldBeOk();
        var page = await ann.Submit(await ann.Open("account/factors/authenticator"), "start");
        var key = page.Document.QuerySelector(".key")!.TextContent;
        page = await ann.Submit(page, "confirm", ("code", new Authenticator(key).Code()));
        string[] codes = [.. page.Document.QuerySelectorAll(".codes li").Select(code => code.TextContent)];
        var client = await ann.Provider.AddClient(name: "Photo prints");
        var visit = await ann.Browser.Submit(await ann.Browser.Authorize(client), "allow");
        var tokens = (await client.Exchange(visit.Code)).ShouldBeOk().Json;
        await AddRows(ann);

        var file = await ann.Submit(await ann.Open("account/data"), null);
        file.Steps[0].ShouldBe(HttpStatusCode.SeeOther);
        file.Headers["Content-Type"].ShouldStartWith("application/json");
        file.Headers["Content-Disposition"].ShouldStartWith("attachment; filename=account.json");
        file.Headers["Cache-Control"].ShouldBe("no-store");
        var json = JsonDocument.Parse(file.Html).RootElement;
        json.GetProperty("profile").GetProperty("handle").GetString().ShouldBe(Ann);
        json.GetProperty("profile").GetProperty("metaData").GetProperty("user_data").GetProperty("town").GetString().ShouldBe("Lund");
        json.GetProperty("secondFactors").GetProperty("methods")[0].GetString().ShouldBe("otp");
        json.GetProperty("passkeys")[0].GetProperty("name").GetString().ShouldBe("My key");
        json.GetProperty("sessions").GetProperty("sessions").GetArrayLength().ShouldBe(3);
        json.GetProperty("signInWays").GetProperty("identities")[0].GetProperty("email").GetString().ShouldBe("ann@gmail.example");
        json.GetProperty("consents").GetProperty("consents")[0].GetProperty("name").GetString().ShouldBe("Photo prints");
        json.GetProperty("files")[0].GetProperty("path").GetString().ShouldBe("holiday/beach.jpg");
        json.GetProperty("log").EnumerateArray().Select(line => line.GetProperty("action").GetString()).ShouldContain("downloadData");
        await ShouldHoldNone(
            ann,
            file.Html,
            [key, key.Replace(" ", ""), .. codes, App.Password, tokens.GetProperty("access_token").GetString()!]
        );
        (await ann.Open("account/data/file")).ShouldBePage("account/data"); // once for each time that it is asked for
    }

    [Fact]
    public async Task What_is_of_another_user_or_an_earlier_one_is_not_in_the_download()
    {
        using var ann = await AccountVisitor.Create(servers);
        await ann.Provider.App.CreateUser("ben@example.com");
        using var ben = await AccountVisitor.SignIn(ann.Provider, "ben@example.com");
        await ann.Installation.Execute(
            "INSERT INTO audit (app_id, at, id, action, actor, handle, code, detail, client) "
                + "VALUES (@Id, 5, 'early', 'login', 'user', 'ann@example.com', 0, 'of-an-earlier-owner', '127.0.0.1')",
            new { ann.Provider.Id }
        );
        await ann.Installation.Execute(
            "INSERT INTO audit (app_id, at, id, action, actor, handle, code, detail, client) "
                + "VALUES (@Id, @now, 'later', 'editUser', 'dev@company.example', 'ann@example.com', 0, 'a-note-of-the-developer', '127.0.0.1')",
            new { ann.Provider.Id, now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() }
        );
        var file = await ann.Submit(await ann.Open("account/data"), null);
        file.Html.ShouldContain("administrator");
        file.Html.ShouldNotContain("dev@company.example");
        file.Html.ShouldNotContain("a-note-of-the-developer");
        file.Html.ShouldNotContain("of-an-earlier-owner");
        file.Html.ShouldNotContain("ben@example.com");
    }

    [Fact]
    public async Task What_others_did_with_an_address_before_it_became_the_users_is_not_in_the_download()
    {
        const string address = "ann.new@example.com";
        using var ann = await AccountVisitor.Create(servers);
        await ann.Installation.Execute(
            "INSERT INTO audit (app_id, at, id, action, actor, handle, code, detail, client) "
                + "VALUES (@Id, @now, 'before', 'strangersTry', 'user', @address, 600, 'what-a-stranger-did', '203.0.113.9')",
            new
            {
                ann.Provider.Id,
                now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
                address,
            }
        );
        var page = await ann.Submit(await ann.Open("account/email"), null, ("email", address));
        page = await ann.Submit(page, null, ("code", await ann.Provider.App.LastCodeFor(address)));
        page.ShouldBePage("account/profile").Text.ShouldContain(address);
        (await ann.Count("audit", "id = 'before' AND handle = '' AND detail = '' AND client = ''")).ShouldBe(1);
        var file = await ann.Submit(await ann.Open("account/data"), null);
        file.Html.ShouldContain("setHandle"); // the user's own lines came along
        file.Html.ShouldNotContain("strangersTry");
        file.Html.ShouldNotContain("203.0.113.9");
    }

    [Fact]
    public async Task The_download_needs_a_proof()
    {
        using var ann = await AccountVisitor.Create(servers);
        var page = await ann.Open("account/data");
        await ann.Wait();
        var proof = (await ann.Submit(page, null)).ShouldBePage("account/proof");
        (await ann.Open("account/data/file")).ShouldBePage("account/proof");
        page = (await ann.Prove(proof)).ShouldBePage("account/data");
        (await ann.Submit(page, null)).Headers["Content-Disposition"].ShouldStartWith("attachment");
    }

    [Fact]
    public async Task Deleted_is_deleted()
    {
        using var ann = await AccountVisitor.Create(servers);
        var login = await ann.Provider.App.Login(Ann);
        var client = await ann.Provider.AddClient();
        await ann.Browser.Submit(await ann.Browser.Authorize(client), "allow");
        await ann.Wait();
        var page = (await ann.Prove(await ann.Open("account/delete"))).ShouldBePage("account/delete");
        page.Text.ShouldContain("cannot be undone");
        (await ann.Submit(page, null, ("handle", "ben@example.com"))).ShouldRefuse("not the address of this account");
        (await ann.Submit(page, null, ("handle", ""))).ShouldRefuse("not the address of this account");
        (await ann.Count("users")).ShouldBe(1);
        page = (await ann.Submit(page, null, ("handle", " ANN@example.com "))).ShouldBePage("account/deleted");
        page.Heading.ShouldBe("Your account is deleted");
        foreach (var table in new[] { "users", "sessions", "consents", "session_grants" })
        {
            (await ann.Count(table)).ShouldBe(0, table);
        }

        (await ann.Open("account")).ShouldBePage("login");
        (await login.Get("getUser")).ShouldFailWith(405);
        (await ann.Provider.App.TryLogin(Ann)).ShouldFailWith(600);
        (await ann.Count("audit", "action = 'deleteAccount' AND handle = 'ann@example.com'")).ShouldBe(0);
    }

    /// <summary>No stored credential of the user in any of its columns.</summary>
    private static async Task ShouldHoldNone(AccountVisitor ann, string file, IEnumerable<string> secrets)
    {
        string[] columns =
        [
            "SELECT password_hash FROM users WHERE app_id = @Id",
            "SELECT totp_seed_sealed FROM users WHERE app_id = @Id",
            "SELECT public_key FROM passkeys WHERE app_id = @Id",
            "SELECT credential_id FROM passkeys WHERE app_id = @Id",
            "SELECT MIN(code_hash) FROM recovery_codes WHERE app_id = @Id",
            "SELECT MIN(id) FROM sessions WHERE app_id = @Id",
            "SELECT MAX(id) FROM sessions WHERE app_id = @Id",
            "SELECT MIN(id) FROM session_grants WHERE app_id = @Id",
            "SELECT subject FROM user_identities WHERE app_id = @Id",
        ];
        foreach (var sql in columns)
        {
            var stored = (await ann.Installation.Query<string>(sql, new { ann.Provider.Id })).ShouldNotBeNull(sql);
            stored.Length.ShouldBeGreaterThan(8);
            file.ShouldNotContain(stored, Case.Sensitive, sql);
        }

        foreach (var secret in secrets)
        {
            file.ShouldNotContain(secret);
        }
    }

    private static async Task AddRows(AccountVisitor ann)
    {
        await ann.Installation.Execute(
            """
            INSERT INTO user_identities (app_id, id, user_id, provider, subject, email, created_at)
            SELECT app_id, 'i1', id, 'google', 'subject-at-google', 'ann@gmail.example', 1 FROM users WHERE app_id = @Id
            """,
            new { ann.Provider.Id }
        );
        await ann.Installation.Execute(
            """
            INSERT INTO storage_assets (app_id, id, user_id, path, content_type, size, cuts, bytes, folder, name, caption, extra, link_hours,
              upload_until, created_at)
            SELECT app_id, 'a1', id, 'holiday/beach.jpg', 'image/jpeg', 5, '[]', 5, 'f', 'n', '', '', 1, 1, 1 FROM users WHERE app_id = @Id
            """,
            new { ann.Provider.Id }
        );
    }
}
