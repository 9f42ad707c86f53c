using System.Text.Json;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>The ways through second factors beyond the contract.</summary>
public static class FactorFlows
{
    public const string Ann = "ann@example.com";
    public const string Number = "+14155550101";

    /// <summary>An application with a policy; its users sign up at once.</summary>
    public static Task<App> CreateAppWithPolicy(this ServerProcess server, string policy, params string[] settings) =>
        server.CreateApp([
            "signupFlow=none",
            .. settings.Any(one => one.StartsWith("secondFactors=", StringComparison.Ordinal))
                ? Array.Empty<string>()
                : ["secondFactors=authenticator,sms"],
            $"secondFactorPolicy={policy}",
            .. settings,
        ]);

    /// <summary>What login answers before a second factor.</summary>
    public static async Task<LoginStep> BeginLogin(this App app, string? deviceToken = null, string handle = Ann, string? password = null)
    {
        var body = new Dictionary<string, string> { ["handle"] = handle, ["password"] = password ?? App.Password };
        if (deviceToken is not null)
        {
            body["deviceToken"] = deviceToken;
        }

        return LoginStep.Parse(app, (await app.Post("login", body)).ShouldBeOk().Json);
    }

    /// <summary>Proves again with the authenticator app, whose steps so far are forgotten.</summary>
    public static async Task<LoggedInUser> StepUpWith(this LoggedInUser user, Authenticator authenticator)
    {
        await user.App.ResetTotpSteps(Ann);
        return user.App.ParseTokens(await user.Post("stepUp", new { code = authenticator.Code() }));
    }

    /// <summary>New recovery codes, after a proof with the authenticator app.</summary>
    public static async Task<string[]> MakeRecoveryCodes(this LoggedInUser user, Authenticator authenticator)
    {
        await user.StepUpWith(authenticator);
        await user.App.ResetTotpSteps(Ann);
        return Texts((await user.Post("recoveryCodes", new { })).ShouldBeOk().Json, "recovery-codes")!;
    }

    /// <summary>A user with an authenticator app and ten recovery codes.</summary>
    public static async Task<(LoggedInUser User, Authenticator Authenticator, string[] Codes)> CreateUserWithCodes(this App app)
    {
        var user = await app.CreateUser(Ann);
        var authenticator = await user.EnableAuthenticator();
        return (user, authenticator, await user.MakeRecoveryCodes(authenticator));
    }

    public static async Task<JsonElement> SecondFactors(this LoggedInUser user) => (await user.Get("secondFactors")).ShouldBeOk().Json;

    public static async Task<int> RecoveryCodesLeft(this LoggedInUser user) =>
        (await user.SecondFactors()).GetProperty("recoveryCodesLeft").GetInt32();

    /// <summary>As if every login and proof so far lay some minutes further back.</summary>
    public static Task<int> AgeProofs(this App app, int minutes) =>
        app.Installation.Execute(
            "UPDATE sessions SET created_at = created_at - @age, proved_at = proved_at - @age WHERE app_id = @Id",
            new { app.Id, age = minutes * 60_000L }
        );

    public static string[]? Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(one => one.GetString()!)] : null;

    public static string[] Amr(this LoggedInUser user) => Texts(user.Claims, "amr")!;

    /// <summary>What the user JWT says of the sign-in.</summary>
    public static void ShouldHaveProved(this LoggedInUser user, string acr, params string[] amr)
    {
        user.Amr().ShouldBe(amr);
        user.Acr().ShouldBe(acr);
    }

    public static string Acr(this LoggedInUser user) => user.Claims.GetProperty("acr").GetString()!;

    /// <summary>Whether the application's log has a line of an action with a detail.</summary>
    public static async Task<bool> HasLogLine(this App app, string action, string detail = "") =>
        await app.Installation.Query<long>(
            "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = @action AND detail LIKE @like",
            new
            {
                app.Id,
                action,
                like = $"%{detail}%",
            }
        ) > 0;
}

/// <summary>A login that waits for its second factor.</summary>
public sealed record LoginStep(App App, string Token, string[]? Methods, string[]? Enroll)
{
    public static LoginStep Parse(App app, JsonElement answer) =>
        new(app, answer.GetProperty("login-token").GetString()!, FactorFlows.Texts(answer, "methods"), FactorFlows.Texts(answer, "enroll"));

    public Task<Reply> Complete(string code, string? method = null, bool? remember = null, string? deviceName = null)
    {
        var body = new Dictionary<string, object> { ["loginToken"] = Token, ["code"] = code };
        Add("method", method);
        Add("rememberDevice", remember);
        Add("deviceName", deviceName);
        return App.Post("loginComplete", body);

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }
    }

    public Task<Reply> SendSms() => App.Post("loginFactor", new { loginToken = Token, method = "sms" });

    public Task<Reply> StartEnrollment(string method, string? phone = null) =>
        App.Post(
            "enrollFactor",
            phone is null
                ? new { loginToken = Token, method }
                : new
                {
                    loginToken = Token,
                    method,
                    phone,
                }
        );

    public async Task<Authenticator> StartAuthenticator() =>
        new((await StartEnrollment("otp")).ShouldBeOk().Json.GetProperty("googleSecretKey").GetString()!);
}
