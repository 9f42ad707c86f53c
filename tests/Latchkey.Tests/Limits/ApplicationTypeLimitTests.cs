using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;

namespace Latchkey.Tests.Limits;

/// <summary>What the operator allows applications of one type at most.</summary>
public sealed class ApplicationTypeLimitTests(ServerFixture servers)
{
    [Fact]
    public async Task An_applications_own_settings_count_only_up_to_the_operators_limit()
    {
        var server = await servers.Start();
        var app = await App.Create(server, ["signupFlow=none", "maxUsers=100"]);
        var store = await App.Create(server, ["signupFlow=none", "type=commercial"]);
        var others = 0;
        await app.CreateUser("ann@example.com");
        (await server.Installation.Run("limits", "set", "development", "maxUsers=1")).ShouldSucceed();

        await WaitUntil.IsTrue("the server follows the limit", async () => (await app.Signup($"{++others}@example.com")).Code == 704);
        (await app.TryLogin("ann@example.com")).ShouldBeOk();
        await store.CreateUser("one@example.com");
        await store.CreateUser("two@example.com");

        (await server.Installation.Run("limits", "set", "development", "maxUsers=0")).ShouldSucceed();
        await WaitUntil.IsTrue("the limit is gone", async () => (await app.Signup($"{++others}@example.com")).Code is null);
    }

    [Fact]
    public async Task A_setting_beyond_the_limit_is_refused_with_the_number()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("limits", "set", "development", "callsPerSecond=50", "messagesPerHour=10")).ShouldSucceed();
        var made = (await installation.Run("app", "create", "--name", "Bound", "--json")).ShouldSucceed().Json;
        var id = made.GetProperty("appId").GetString()!;

        var refused = await installation.Run("app", "set", id, "callsPerSecond=51");
        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain("at most 50");
        (await installation.Run("app", "set", id, "callsPerSecond=50", "passwordMinLength=9")).ShouldSucceed();
        (await installation.Run("app", "set", id, "messagesPerHour=11")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_operators_who_set_limits_of_both_types_at_once_neither_loses_theirs()
    {
        var installation = await servers.NewInstallation();
        var rules = await installation.Get<InstallationLimitRules>();
        for (var most = 1; most <= 20; most++)
        {
            await Task.WhenAll(
                new[] { "development", "commercial" }.Select(type =>
                    rules.Set(type, new Dictionary<string, int?>(StringComparer.Ordinal) { ["maxUsers"] = most }, Actor.CommandLine)
                )
            );
            var limits = await rules.Read();
            (limits.Development.MaxUsers, limits.Commercial.MaxUsers).ShouldBe((most, most));
        }
    }

    [Theory]
    [InlineData("development", "maxUsers=-1")]
    [InlineData("development", "maxUsers=many")]
    [InlineData("development", "noSuchLimit=1")]
    [InlineData("enterprise", "maxUsers=1")]
    [InlineData("development", "maxUsers=1", "maxUsers=2")]
    public async Task Nonsense_is_refused_and_changes_nothing(string type, params string[] limits)
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("limits", "set", "development", "messagesPerHour=7")).ShouldSucceed();
        (await installation.Run(["limits", "set", type, .. limits])).ExitCode.ShouldBe(1);
        (await installation.Run("limits", "show", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("development")
            .GetRawText()
            .ShouldBe(
                """{"maxUsers":null,"callsPerSecond":null,"messagesPerHour":7,"anonymousUsersPerHour":null,"recipientsPerDay":null}"""
            );
    }
}
