namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>A stolen access token is not enough to change a second factor (security.md row 67).</summary>
public sealed class StepUpTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    /// <summary>The application's second factor, the function, and its parameters.</summary>
    public static TheoryData<string, string, string> Changes =>
        new()
        {
            { "google", "setTwoFactorGoogleVerification", "twoFactor=true" },
            { "google", "setTwoFactorGoogleVerification", "twoFactor=false" },
            { "phone", "setPhone", "phone=+14155550101" },
            { "phone", "setTwoFactorPhoneVerification", "twoFactor=true" },
            { "phone", "setTwoFactorPhoneVerification", "twoFactor=false" },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    [Covers(710)]
    public async Task A_login_of_more_than_fifteen_minutes_ago_is_not_enough(string method, string function, string parameter)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", $"twoFactorVerification={method}");
        var ann = await app.CreateUser(Ann);
        if (method == "phone")
        {
            await ann.VerifyPhone("+14155550101");
        }

        await AgeLogins(app, minutes: 14);
        (await Change()).ShouldBeOk();
        await AgeLogins(app, minutes: 2);
        (await Change()).ShouldFailWith(710);
        (await Change("not the password")).ShouldFailWith(600);
        (await Change(App.Password)).ShouldBeOk();
        (await Change()).ShouldFailWith(710); // the password is good for one call
        await app.Set("stepUpRequired=0");
        await WaitUntil.IsTrue("the setting holds", async () => (await Change()).Code is null);

        Task<Reply> Change(string? password = null)
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal) { [parameter.Split('=')[0]] = parameter.Split('=')[1] };
            if (password is not null)
            {
                fields["password"] = password;
            }

            return ann.Post(function, fields);
        }
    }

    [Fact]
    public async Task Logging_in_again_is_enough()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google");
        await app.CreateUser(Ann);
        await AgeLogins(app, minutes: 60);
        (await (await app.Login(Ann)).Post("setTwoFactorGoogleVerification", new { twoFactor = true })).ShouldBeOk();
    }

    [Fact]
    public async Task Wrong_passwords_count_like_failed_logins()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=google", "maxLoginAttempts=3");
        var ann = await app.CreateUser(Ann);
        await AgeLogins(app, minutes: 60);
        for (var i = 0; i < 3; i++)
        {
            (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = true, password = $"wrong {i}" })).ShouldFailWith(600);
        }

        (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = true, password = App.Password })).ShouldFailWith(600);
    }

    private static Task<int> AgeLogins(App app, int minutes) =>
        app.Installation.Execute(
            "UPDATE sessions SET created_at = created_at - @age WHERE app_id = @Id",
            new { app.Id, age = minutes * 60_000L }
        );
}
