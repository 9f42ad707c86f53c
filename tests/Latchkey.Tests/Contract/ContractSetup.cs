namespace Latchkey.Tests.Contract;

/// <summary>What the recordings did beside the recorded steps: their <c>setup</c> texts, and what their answers imply.</summary>
public static class ContractSetup
{
    private const string FirstPassword = "47b7bfb65fa83ac9a71dcb0f6296bb6e";
    private const string WrongPassword = "25cd46471f94b9288ae13bf8989dd09a";

    public static async Task BeforeGroup(ContractRun.Played played, string group)
    {
        if (group is "login" or "user")
        {
            // The users whom the group finds; no answer shows a login of theirs, so they signed up at once.
            await played.App.Set("signupFlow=none");
            foreach (var handle in group == "login" ? ["lou@example.com"] : new[] { "una@example.com", "wes@example.com" })
            {
                played.Remember(handle, await played.App.Join(handle, FirstPassword));
            }
        }
    }

    public static Task Before(ContractRun.Played played, ContractCase step)
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
            _ => HasNoSetup(step),
        };
    }

    private static async Task Run(App app, string command, string handle) => (await app.Installation.Run("user", command, app.Id, handle)).Worked();

    private static async Task LogInWrongly(App app, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await app.TryLogin("lou@example.com", WrongPassword)).ShouldFailWith(600);
        }
    }

    private static Task HasNoSetup(ContractCase step) =>
        step.Recorded.TryGetProperty("setup", out var setup) ? throw new NotSupportedException($"{step.Name}: nothing here does {setup}") : Task.CompletedTask;
}
