namespace Latchkey.Tests.Tenancy;

/// <summary>The same person in two applications: what happens in one changes nothing in the other.</summary>
public sealed class SharedAddressTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Bob = "bob@example.com";

    [Fact]
    public async Task Joining_one_application_ends_no_signup_and_no_invitation_of_another()
    {
        var (app, other) = await TwoApps();
        foreach (var one in new[] { app, other })
        {
            (await one.Signup(Ann)).ShouldBeTrue();
            (await one.InviteByServer(Bob)).ShouldBeTrue();
        }

        foreach (var one in new[] { app, other })
        {
            one.ParseTokens(await one.Complete(Ann, await one.LastCodeFor(Ann)));
            one.ParseTokens(await one.Register(Bob, await one.LastCodeFor(Bob)));
        }
    }

    [Fact]
    public async Task Who_is_erased_in_one_application_keeps_messages_and_log_lines_in_another()
    {
        var (app, other) = await TwoApps();
        foreach (var one in new[] { app, other })
        {
            await one.CreateUserByCode(Ann);
        }

        var (lines, mails) = (await LogLines(other), await other.MailKinds(Ann));
        lines.ShouldBePositive();
        mails.ShouldNotBeEmpty();
        (await app.Installation.Run("user", "delete", app.Id, Ann)).ShouldSucceed();
        (await LogLines(app)).ShouldBe(0);
        (await app.Mails(Ann)).ShouldBeEmpty();
        (await LogLines(other)).ShouldBe(lines);
        (await other.MailKinds(Ann)).ShouldBe(mails);
    }

    private async Task<(App App, App Other)> TwoApps()
    {
        var server = await servers.Unlimited();
        return (await server.CreateApp(), await server.CreateApp());
    }

    private static Task<long> LogLines(App app) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM audit WHERE app_id = @Id AND handle = @Ann", new { app.Id, Ann });
}
