namespace Latchkey.Tests.Api.Login;

/// <summary>maxLoginAttempts: so many failures in a row lock the user.</summary>
public sealed class LockoutTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task A_locked_user_is_refused_without_evaluation_and_mailed_once()
    {
        var app = await Locked("maxLoginAttempts=3");
        (await app.TryLogin(Ann)).ShouldFailWith(404);
        (await app.TryLogin(Ann, "a wrong password")).ShouldFailWith(404);
        (await app.Mails(Ann)).Count(mail => mail.Kind == "userLocked").ShouldBe(1);
    }

    [Fact]
    public async Task Where_existence_is_hidden_a_locked_user_looks_like_a_wrong_password()
    {
        var app = await (await servers.Unlimited()).CreateApp("hideAccountExistence=1", "maxLoginAttempts=2");
        await app.CreateUserByCode(Ann);
        (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
        (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
        (await app.TryLogin(Ann)).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_success_starts_the_count_again()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "maxLoginAttempts=2");
        await app.CreateUser(Ann);
        for (var i = 0; i < 3; i++)
        {
            (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
            (await app.TryLogin(Ann)).ShouldBeOk();
        }
    }

    [Fact]
    public async Task An_administrator_unlocks()
    {
        var app = await Locked("maxLoginAttempts=3");
        (await app.Installation.Run("user", "activate", app.Id, Ann)).ShouldSucceed();
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_password_reset_unlocks()
    {
        var app = await Locked("maxLoginAttempts=3");
        (
            await app.Installation.RunWithInput("another good password", "user", "reset-password", app.Id, Ann, "--password-stdin")
        ).ShouldSucceed();
        (await app.TryLogin(Ann, "another good password")).ShouldBeOk();
    }

    [Theory]
    [InlineData("changePassword")]
    [InlineData("deleteAccount")]
    public async Task The_failure_that_locks_is_mailed_wherever_it_happens(string function)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "maxLoginAttempts=3");
        var ann = await app.CreateUser(Ann);
        Task<Reply> Try(string password) =>
            ann.Post(
                function,
                new
                {
                    handle = Ann,
                    password,
                    newPassword = "another good password",
                }
            );
        for (var i = 0; i < 3; i++)
        {
            (await app.Mails(Ann)).ShouldNotContain(mail => mail.Kind == "userLocked");
            (await Try("wrong")).Code.ShouldNotBeNull();
        }

        (await Try(App.Password)).Code.ShouldNotBeNull();
        (await app.TryLogin(Ann)).ShouldFailWith(404);
        (await app.Mails(Ann)).Count(mail => mail.Kind == "userLocked").ShouldBe(1);
    }

    private async Task<App> Locked(string setting)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", setting);
        await app.CreateUser(Ann);
        for (var i = 0; i < 3; i++)
        {
            (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
        }

        return app;
    }
}
