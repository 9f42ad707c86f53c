using System.Net;
using Latchkey.Tests.Api.Passkeys;
using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>Forms of the account pages that are not ours (security.md, attacks 140 to 143).</summary>
public sealed class AccountFormTests(ServerFixture servers)
{
    private static readonly string[] Settings =
    [
        "userNamesEnabled=1",
        "locales=EN,DE",
        "secondFactorPolicy=optional",
        "secondFactors=authenticator,sms",
        "metaData=[{\"path\":\"user_data.town\",\"fieldName\":\"town\",\"canEdit\":true,\"required\":false}]",
    ];

    /// <summary>Each form of each page, as it would be sent to change something.</summary>
    private static readonly (string Path, (string, string)[] Fields)[] Forms =
    [
        ("account/profile", [("action", "name"), ("user-name", "mallory")]),
        ("account/profile", [("action", "locale"), ("locale", "DE")]),
        ("account/profile", [("action", "fields"), ("field-0", "Evil")]),
        ("account/email", [("email", "evil@example.com")]),
        ("account/email/code", [("code", "123456")]),
        ("account/phone", [("phone", "+14155550109")]),
        ("account/phone/code", [("code", "123456")]),
        ("account/password", [("password", App.Password), ("new-password", AccountVisitor.NewPassword)]),
        ("account/factors", [("action", "sms-on")]),
        ("account/factors", [("action", "forget")]),
        ("account/factors/authenticator", [("action", "start")]),
        ("account/factors/remove?id=otp", []),
        ("account/recovery-codes", []),
        ("account/recovery-codes/new", []),
        ("account/passkeys/add", [("credential", "{}"), ("requestToken", "x")]),
        ("account/passkeys/passkey?id=ID", [("name", "Evil")]),
        ("account/passkeys/remove?id=ID", []),
        ("account/sessions", [("action", "others")]),
        ("account/sessions", [("action", "end"), ("session", "ID")]),
        ("account/links/remove?id=i1", []),
        ("account/apps", [("client", "ID")]),
        ("account/data", []),
        ("account/delete", [("handle", AccountVisitor.Ann)]),
        ("account/proof", [("password", App.Password)]),
    ];

    [Fact]
    public async Task Every_form_without_a_key_or_from_elsewhere_is_refused_and_changes_nothing()
    {
        using var ann = await AccountVisitor.WithPasskeys(servers, Settings);
        using var phone = new SoftAuthenticator { Origin = PageVisitor.PasskeyOrigin };
        (await (await ann.Provider.App.Login(AccountVisitor.Ann)).AddPasskey(phone, "Key")).ShouldBeOk();
        var before = await State(ann);
        foreach (var (path, fields) in Forms)
        {
            await ShouldBeRefused(ann, path, fields, origin: null);
            var key = await KeyOf(ann, path);
            await ShouldBeRefused(ann, path, [.. fields, ("form-key", key[1..] + "A")], origin: null);
            await ShouldBeRefused(ann, path, [.. fields, ("form-key", await KeyOf(ann, "account/sessions", other: path))], origin: null);
            foreach (var origin in new[] { "https://evil.example", "null", "http://127.0.0.1.evil.example" })
            {
                await ShouldBeRefused(ann, path, [.. fields, ("form-key", key)], origin);
            }
        }

        (await State(ann)).ShouldBe(before);
    }

    [Fact]
    public async Task A_form_of_another_session_changes_nothing()
    {
        using var ann = await AccountVisitor.Create(servers, Settings);
        var form = Browser.FieldsOf(await ann.Open("account/sessions"), "others").ToList();
        await ann.Provider.App.CreateUser("ben@example.com");
        (await ann.Browser.SignIn(await SignOut(ann), "ben@example.com")).ShouldBePage("account");
        var before = await State(ann);
        (await ann.Browser.Post("account/sessions", form)).ShouldBePage("account/sessions").Status.ShouldBe(HttpStatusCode.BadRequest);
        (await State(ann)).ShouldBe(before);
    }

    [Fact]
    public async Task Fields_that_no_form_has_have_no_effect()
    {
        using var ann = await AccountVisitor.Create(servers, Settings);
        await ann.Provider.App.CreateUser("ben@example.com");
        string[] names =
        [
            "id",
            "userId",
            "user_id",
            "uid",
            "sub",
            "handle",
            "email",
            "emailVerified",
            "status",
            "role",
            "admin",
            "appId",
            "app_id",
            "appid",
            "client_id",
            "locale",
            "metaData",
            "metadata",
            "phone",
            "twoFactor",
            "session",
            "sid",
            "actor",
            "password_hash",
            "anonymous",
            "origin",
            "login_provider",
            "loginProvider",
            "createdAt",
            "path",
            "page",
        ];
        names.Length.ShouldBe(31);
        var page = await ann.Open("account/profile");
        var rows =
            "SELECT COUNT(*) FROM users WHERE app_id = @Id AND handle = 'ben@example.com' AND user_name IS NULL AND locale = 'EN' "
            + "AND status = 'active' AND anonymous = FALSE AND phone IS NULL";
        (await ann.Submit(page, "name", [("user-name", "ann_1"), .. names.Select(name => (name, "ben@example.com"))])).ShouldSay("Saved.");
        (await ann.Installation.Query<int>(rows, new { ann.Provider.Id })).ShouldBe(1);
        (await ann.Count("users", "user_name = 'ann_1' AND handle = 'ann@example.com' AND locale = 'EN' AND status = 'active'")).ShouldBe(
            1
        );
        page = await ann.Open("account/sessions?id=x&userId=ben@example.com&handle=ben@example.com");
        page.ShouldBePage("account/sessions").Text.ShouldNotContain("ben@example.com");
    }

    [Fact]
    public async Task Pages_are_neither_framed_nor_kept_and_run_no_script_of_a_page()
    {
        using var ann = await AccountVisitor.WithPasskeys(servers, Settings);
        foreach (var path in Forms.Select(form => form.Path.Split('?')[0]).Append("account").Distinct())
        {
            var page = await ann.Open(path);
            page.Headers["Cache-Control"].ShouldBe("no-store", path);
            page.Headers["X-Frame-Options"].ShouldBe("DENY", path);
            page.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
            page.Headers["Content-Security-Policy"].ShouldNotContain("unsafe");
            page.Document.QuerySelectorAll("script").ShouldAllBe(script => script.GetAttribute("src") != null && script.TextContent == "");
            page.Document.QuerySelectorAll("[style], [onclick]").ShouldBeEmpty();
            page.Document.QuerySelectorAll("form[method=post]").ShouldAllBe(form => form.GetAttribute("action") == null);
        }
    }

    private static async Task ShouldBeRefused(AccountVisitor ann, string path, (string, string)[] fields, string? origin)
    {
        var visit = await ann.Browser.Post(path, fields, origin);
        visit.Steps[0].ShouldBe(HttpStatusCode.SeeOther, path);
        visit.Document.QuerySelector("[role=status]").ShouldBeNull(path);
    }

    /// <summary>The key of the page's form; of one that is only shown on the way, of a form that is.</summary>
    private static async Task<string> KeyOf(AccountVisitor ann, string path, string? other = null)
    {
        var page = await ann.Open(other?.StartsWith("account/sessions", StringComparison.Ordinal) == true ? "account/delete" : path);
        return (
            page.Document.QuerySelector("input[name=form-key]")
            ?? (await ann.Open("account/data")).Document.QuerySelector("input[name=form-key]")
        )!.GetAttribute("value")!;
    }

    private static async Task<Visit> SignOut(AccountVisitor ann)
    {
        await ann.Submit(await ann.Open("account/sessions"), "end");
        return await ann.Open("account");
    }

    /// <summary>What a change would change.</summary>
    private static async Task<string> State(AccountVisitor ann)
    {
        string[] queries =
        [
            "SELECT COUNT(*) || ' ' || MIN(COALESCE(user_name, '-') || locale || metadata || COALESCE(password_hash, '-') || COALESCE(pending_phone, '-')) FROM users WHERE app_id = @Id",
            "SELECT COUNT(*) || ' ' || COALESCE(MIN(name), '') FROM passkeys WHERE app_id = @Id",
            "SELECT COUNT(*) || ' ' || COUNT(ended_at) FROM sessions WHERE app_id = @Id",
            "SELECT COUNT(*) || '' FROM consents WHERE app_id = @Id",
            "SELECT COUNT(*) || '' FROM messages WHERE app_id = @Id",
        ];
        var state = new List<string>();
        foreach (var sql in queries)
        {
            state.Add(await ann.Installation.Query<string>(sql, new { ann.Provider.Id }));
        }

        return string.Join('\n', state);
    }
}
