namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>The ways through a login by code.</summary>
public static class LoginCodeFlows
{
    public const string Ann = "ann@example.com";
    public const string Number = "+14155550101";

    /// <summary>An application with codes by mail and refresh tokens, whose user JWTs say how people signed in.</summary>
    public static Task<App> CreateAppWithCodes(this ServerProcess server, params string[] settings) =>
        server.CreateApp(["emailCodeLogin=1", "sessionMode=refresh", .. settings]);

    /// <summary>A user who has verified the number, in an application with codes by SMS.</summary>
    public static async Task<App> CreateAppWithPhone(this ServerProcess server, params string[] settings)
    {
        var app = await server.CreateAppWithCodes(["smsCodeLogin=1", "twoFactorVerification=phone", .. settings]);
        await (await app.CreateUserByCode(Ann)).VerifyPhone(Number);
        return app;
    }

    public static Task<Reply> AskForCode(
        this App app,
        string handle = Ann,
        string? locale = null,
        string? metaData = null,
        LoggedInUser? upgrading = null
    ) =>
        app.Post(
            "loginCode",
            new Dictionary<string, string?>
            {
                ["handle"] = handle,
                ["locale"] = locale,
                ["metaData"] = metaData,
            }
                .Where(field => field.Value is not null)
                .ToDictionary(),
            AppFlows.AccessTokenHeader(upgrading)
        );

    public static async Task<CodeRequest> BeginCodeLogin(this App app, string handle = Ann, string? metaData = null) =>
        CodeRequest.Parse(app, handle, await app.AskForCode(handle, metaData: metaData));

    /// <summary>Signs in with the code that is sent.</summary>
    public static async Task<LoggedInUser> LoginByCode(this App app, string handle = Ann)
    {
        var request = await app.BeginCodeLogin(handle);
        return app.ParseTokens(await request.Complete(await app.LastCodeFor(handle)));
    }

    /// <summary>The token in the link of the last mail to an address.</summary>
    public static async Task<string> LastLinkTokenFor(this App app, string handle = Ann) =>
        TokenOf((await app.Mails(handle)).First(mail => mail.Kind == "loginCode").Link!);

    /// <summary>The token in a link to the server's own page.</summary>
    public static string TokenOf(string link) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(link).Query)["code"].ToString();

    public static Task<long> CountSessions(this App app) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id", new { app.Id });

    /// <summary>The last refusal of a function in the application's log.</summary>
    public static Task<string> LastCause(this App app, string action, int code) =>
        app.Installation.Query<string>(
            "SELECT detail FROM audit WHERE app_id = @Id AND action = @action AND code = @code ORDER BY id DESC LIMIT 1",
            new
            {
                app.Id,
                action,
                code,
            }
        );
}

/// <summary>A login that waits for its code, as the app that asked holds it.</summary>
public sealed record CodeRequest(App App, string Handle, string Token)
{
    public static CodeRequest Parse(App app, string handle, Reply reply)
    {
        var answer = reply.ShouldBeOk().Json;
        answer.EnumerateObject().Select(field => field.Name).ShouldBe(["request-token", "expires-in"]);
        answer.GetProperty("expires-in").GetInt32().ShouldBe(600);
        return new(app, handle, answer.GetProperty("request-token").GetString()!);
    }

    public Task<Reply> Complete(string code, string? deviceToken = null)
    {
        var body = new Dictionary<string, string>
        {
            ["handle"] = Handle,
            ["code"] = code,
            ["requestToken"] = Token,
        };
        if (deviceToken is not null)
        {
            body["deviceToken"] = deviceToken;
        }

        return App.Post("loginCodeComplete", body);
    }
}
