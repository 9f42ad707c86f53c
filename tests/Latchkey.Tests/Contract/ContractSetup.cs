namespace Latchkey.Tests.Contract;

/// <summary>What the recordings did beside the recorded steps: their <c>setup</c> texts, and what their answers imply.</summary>
public static class ContractSetup
{
    private const string FirstPassword = "47b7bfb65fa83ac9a71dcb0f6296bb6e";
    private const string WrongPassword = "25cd46471f94b9288ae13bf8989dd09a";

    public static Task BeforeGroup(ContractFixture.Playback played, string group) =>
        group switch
        {
            "login" => Join(played, null, "lou@example.com"),
            "user" => Join(played, null, "una@example.com", "wes@example.com"),
            "invite" => Invite(played),
            "two-factor-google" => Join(played, null, "gus@example.com"),
            "app-inactive" => JoinAndSwitchOff(played),
            _ => Task.CompletedTask,
        };

    public static Task Before(ContractFixture.Playback played, ContractCase step)
    {
        var app = played.App;
        return step.Name switch
        {
            "getApplication/app-inactive" => app.Set("status=inactive"),
            "getApplication/app-deleted" or "user/getUser-app-deleted" => app.Delete(),
            "signup-code/complete-signup-disabled" => app.Set("signupEnabled=0"),
            "signup-code/signup-scope" => app.Set("signupEnabled=1"),
            "login/set-user-name" or "user/available-true" => app.Set("userNamesEnabled=1"),
            "login/by-user-name-disabled" => app.Set("userNamesEnabled=0"),
            "login/suspended" => Run(app, "suspend", "lou@example.com"),
            "login/reactivated" => Run(app, "activate", "lou@example.com"),
            "login/after-thirty-wrong" => LogInWrongly(app, 30),
            "user/setLocale-success" => app.Set("locales=EN,FR"),
            "invite/invite-disabled" => app.Set("invitationEnabled=0"),
            "two-factor-google/login-before" => app.Set("twoFactorVerification=google"),
            "two-factor-google/login-app-switched-off" => app.Set("twoFactorVerification=none"),
            // Done before the group, or by the step before
            "invite/register-missing-metadata" or "two-factor-google/login-old-secret" => Task.CompletedTask,
            _ when step.Group == "app-inactive" => Task.CompletedTask,
            _ => HasNoSetup(step),
        };
    }

    /// <summary>The users whom a group finds; no answer shows a login of theirs, so they signed up at once.</summary>
    private static async Task Join(ContractFixture.Playback played, string? metaData, params string[] handles)
    {
        await played.App.Set("signupFlow=none");
        foreach (var handle in handles)
        {
            played.Remember(handle, await played.App.CreateUser(handle, FirstPassword, metaData));
        }
    }

    private static async Task Invite(ContractFixture.Playback played)
    {
        await played.App.Set(
            """metaData=[{"path":"user_data.name","fieldName":"name","required":true}]""",
            """metaDataInvite=[{"path":"invite_data.coupon","fieldName":"coupon","required":true}]"""
        );
        await Join(played, """{"user_data":{"name":" Ivy "}}""", "ivy@example.com");
        (await played.App.InviteByServer("kim@example.com", """{"invite_data":{"coupon":"C1"}}""")).ShouldBeTrue();
    }

    private static async Task JoinAndSwitchOff(ContractFixture.Playback played)
    {
        await Join(played, null, "sam@example.com");
        await played.App.Set("status=inactive");
    }

    private static async Task Run(App app, string command, string handle) =>
        (await app.Installation.Run("user", command, app.Id, handle)).ShouldSucceed();

    private static async Task LogInWrongly(App app, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await app.TryLogin("lou@example.com", WrongPassword)).ShouldFailWith(600);
        }
    }

    private static Task HasNoSetup(ContractCase step) =>
        step.Recorded.TryGetProperty("setup", out var setup)
            ? throw new NotSupportedException($"{step.Name}: nothing here does {setup}")
            : Task.CompletedTask;
}
