using System.Net.Http.Json;
using System.Text.Json;

namespace Latchkey.Tests.Harness;

/// <summary>The longer ways through an application: invitations, resets, second factors, and its own servers' calls.</summary>
public static class AppFlows
{
    public const string NewPassword = "a new horse battery";

    public static Task<Reply> Invite(this LoggedInUser user, string handle, string? metaData = null, string? locale = null) =>
        user.Post("invite", Body(("handle", handle), ("senderUserId", "U1"), ("metaData", metaData), ("locale", locale)));

    public static Task<Reply> InviteByServer(this App app, string handle, string? metaData = null, string? locale = null) =>
        app.SendAsServer(HttpMethod.Post, "invite", Body(("handle", handle), ("metaData", metaData), ("locale", locale)));

    public static Task<Reply> Register(
        this App app,
        string handle,
        string code,
        string password = App.Password,
        string? metaData = null,
        string? locale = null,
        LoggedInUser? upgrading = null
    ) =>
        app.Post(
            "register",
            Body(("handle", handle), ("password", password), ("code", code), ("metaData", metaData), ("locale", locale)),
            AccessTokenHeader(upgrading)
        );

    public static Task<Reply> ForgotPassword(this App app, string handle) => app.Post("forgotPassword", new { handle });

    public static Task<Reply> ResetPassword(this App app, string handle, string code, string password = NewPassword) =>
        app.Post(
            "resetPassword",
            new
            {
                handle,
                password,
                code,
            }
        );

    /// <summary>A call to <c>/api/server/…</c> with the App Secret, or with another one.</summary>
    public static Task<Reply> SendAsServer(this App app, HttpMethod method, string path, object? body = null, string? secret = null)
    {
        var request = app.Server.Request(method, $"/api/server/{path}", ("app-secret", secret ?? app.Secret));
        request.Content = body is null ? null : JsonContent.Create(body);
        return app.Server.Send(request, app.ClientAddress);
    }

    /// <summary>Switches the authenticator app on and holds its secret.</summary>
    public static async Task<Authenticator> EnableAuthenticator(this LoggedInUser user) =>
        new(
            (await user.Post("setTwoFactorGoogleVerification", new { twoFactor = true }))
                .ShouldBeOk()
                .Json.GetProperty("googleSecretKey")
                .GetString()!
        );

    /// <summary>Verifies a phone number, and switches it on as second factor.</summary>
    public static async Task EnablePhone(this LoggedInUser user, string phone)
    {
        await user.VerifyPhone(phone);
        (await user.Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldBeTrue();
    }

    public static async Task VerifyPhone(this LoggedInUser user, string phone)
    {
        (await user.Post("setPhone", new { phone })).ShouldBeTrue();
        (await user.Post("verifyPhone", new { code = await user.App.LastCodeFor(phone) })).ShouldBeTrue();
    }

    /// <summary>What login answers a user with a second factor.</summary>
    public static async Task<string> LoginToken(this App app, string handle, string password = App.Password)
    {
        var answer = (await app.TryLogin(handle, password)).ShouldBeOk().Json;
        answer.EnumerateObject().Select(p => p.Name).ShouldBe(["login-token"]);
        return answer.GetProperty("login-token").GetString()!;
    }

    public static Task<Reply> LoginComplete(this App app, string loginToken, string code) =>
        app.Post("loginComplete", new { loginToken, code });

    /// <summary>As if the messages so far lay long ago: nothing of them is counted.</summary>
    public static Task ForgetMessages(this App app) =>
        app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @messages", new { messages = $"{app.Id}|messages%" });

    /// <summary>As if the logins so far lay a minute back: those of one user and network are counted by the minute.</summary>
    public static Task ForgetLogins(this App app) =>
        app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @logins", new { logins = $"{app.Id}|logins%" });

    /// <summary>Adds users copy1@example.com and so on with the password of a user, which is not hashed again.</summary>
    public static Task CopyUser(this App app, string handle, int copies) =>
        app.Installation.Execute(
            """
            INSERT INTO users (app_id, id, handle, handle_key, anonymous, origin, status, locale, email_verified, password_hash, password_prehashed,
              metadata, invite_metadata, login_provider, two_factor_google, two_factor_phone, totp_last_step, failed_logins, created_at,
              updated_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @copies)
            SELECT app_id, id || i, 'copy' || i || '@example.com', 'copy' || i || '@example.com', anonymous, origin, status, locale, email_verified, password_hash,
              password_prehashed, metadata, invite_metadata, login_provider, two_factor_google, two_factor_phone, totp_last_step,
              failed_logins, created_at, updated_at
            FROM users, n WHERE app_id = @Id AND handle = @handle
            """,
            new
            {
                app.Id,
                handle,
                copies,
            }
        );

    /// <summary>Opens the link of a mail, as a browser does.</summary>
    public static Task<Reply> OpenLink(this App app, string link) =>
        app.Server.Send(app.Server.Request(HttpMethod.Get, new Uri(link).PathAndQuery, ("Accept", "text/html")), app.ClientAddress);

    /// <summary>Fills in the one form of a page and sends it, as a browser does.</summary>
    public static Task<Reply> SendForm(this App app, Reply page, params (string Name, string Value)[] typed)
    {
        var form = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page.Text).Forms.Single();
        var request = app.Server.Request(HttpMethod.Post, form.GetAttribute("action")!, ("Accept", "text/html"));
        request.Content = new FormUrlEncodedContent(
            form.QuerySelectorAll("input")
                .Select(input => (Name: input.GetAttribute("name")!, Value: input.GetAttribute("value") ?? ""))
                .ExceptBy(typed.Select(field => field.Name), field => field.Name)
                .Concat(typed)
                .Select(field => KeyValuePair.Create(field.Name, field.Value))
        );
        return app.Server.Send(request, app.ClientAddress);
    }

    /// <summary>As if the steps that were used lay long ago.</summary>
    public static Task ResetTotpSteps(this App app, string handle) =>
        app.Installation.Execute(
            "UPDATE users SET totp_last_step = 0 WHERE app_id = @id AND handle = @handle",
            new { id = app.Id, handle }
        );

    /// <summary>A moment in the database's unix milliseconds.</summary>
    public static long FromNow(long seconds) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeMilliseconds();

    /// <summary>The user's id, from its JWT.</summary>
    public static string Id(this LoggedInUser user) => user.Claims.GetProperty("uid").GetString()!;

    public static async Task<bool> IsSignedIn(this LoggedInUser user) => (await user.TryGetUser()).Code is null;

    /// <summary>How many users the application has under a handle.</summary>
    public static Task<long> CountUsers(this App app, string handle) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @id AND handle = @handle", new { id = app.Id, handle });

    /// <summary>The kinds of the mails to an address, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> MailKinds(this App app, string to) =>
        [.. (await app.Mails(to)).Select(mail => mail.Kind).Reverse()];

    /// <summary>All messages of the application, whoever gets them.</summary>
    public static async Task<IReadOnlyList<Mail>> AllMails(this App app)
    {
        var printed = (await app.Installation.Run("mailbox", "--json", "--app", app.Id)).ShouldSucceed();
        return JsonSerializer.Deserialize<List<Mail>>(printed.Output, JsonSerializerOptions.Web)!;
    }

    /// <summary>The same request so many times at once.</summary>
    public static Task<Reply[]> SendInParallel(int times, Func<int, Task<Reply>> send) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(i => Task.Run(() => send(i))));

    public static (string Name, string Value)[] AccessTokenHeader(LoggedInUser? user) =>
        user is null ? [] : [("access-token", user.AccessToken)];

    private static Dictionary<string, string> Body(params (string Name, string? Value)[] fields) =>
        fields.Where(field => field.Value is not null).ToDictionary(field => field.Name, field => field.Value!);
}
