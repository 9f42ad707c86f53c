using System.Net;

namespace Latchkey.Tests.Limits;

/// <summary>An application's messages of an hour: charged for what is sent, and never all taken by strangers (security.md row 57).</summary>
public sealed class MessageBudgetTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData("hideAccountExistence=1")]
    [InlineData("hideAccountExistence=0")]
    public async Task Requests_that_send_nothing_are_not_charged(string hides)
    {
        var app = await servers.Main.CreateApp("messagesPerHour=8", hides);
        for (var i = 0; i < 40; i++)
        {
            var reply = await app.WithAddress($"127.63.0.{1 + (i % 10)}").ForgotPassword($"nobody{i}@example.com");
            reply.Code.ShouldBe(hides.EndsWith('1') ? null : 603);
        }

        (await Charged(app)).ShouldBe(0);
        (await app.Signup(Ann)).ShouldBeTrue();
        (await Charged(app)).ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_that_is_not_put_is_not_charged()
    {
        var app = await servers.Main.CreateApp("hideAccountExistence=1");
        await app.CreateUserByCode(Ann);
        await app.ForgetMessages();
        (await app.InviteByServer(Ann)).ShouldBeTrue(); // she has an account, so there is no invitation
        (await Charged(app)).ShouldBe(0);
    }

    [Fact]
    public async Task Strangers_leave_a_quarter_to_users_and_servers()
    {
        var app = await servers.Main.CreateApp("messagesPerHour=20");
        await app.CreateUserByCode(Ann);
        await app.ForgetMessages();
        var strangers = 0;
        for (var i = 0; i < 40; i++)
        {
            strangers += (await app.WithAddress($"127.63.1.{1 + i}").Signup($"nobody{i}@example.com")).Code is null ? 1 : 0;
        }

        strangers.ShouldBe(15);
        (await app.WithAddress("127.63.1.99").Signup("eve@example.com")).ShouldBeRateLimited();
        (await app.WithAddress("127.63.1.98").ForgotPassword(Ann)).ShouldBeTrue();
        for (var i = 0; i < 4; i++)
        {
            (await app.InviteByServer($"guest{i}@example.com")).ShouldBeTrue();
        }

        (await app.InviteByServer("last@example.com")).ShouldBeRateLimited(); // twenty in all
        (await Charged(app)).ShouldBe(20);
    }

    [Fact]
    public async Task One_network_gets_a_quarter_of_what_is_left()
    {
        var app = (await servers.Main.CreateApp("messagesPerHour=80")).WithAddress("127.63.2.1");
        var sent = 0;
        for (var i = 0; i < 30; i++)
        {
            sent += (await app.Signup($"nobody{i}@example.com")).Code is null ? 1 : 0;
        }

        sent.ShouldBe(12); // of 60 for strangers: 48 are left, of which 12 are a quarter
        (await app.WithAddress("127.63.2.2").Signup(Ann)).ShouldBeTrue();
    }

    /// <summary>A budget that only known names are charged for tells who is known, if a refusal shows that it is used up.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_accounts_are_hidden_the_budget_tells_strangers_nothing(bool isKnown)
    {
        var app = await servers.Main.CreateApp("messagesPerHour=4", "hideAccountExistence=1", "signupFlow=code");
        await app.CreateUserByCode(Ann);
        await app.ForgetMessages();
        for (var i = 0; i < 3; i++)
        {
            (await app.InviteByServer($"guest{i}@example.com")).ShouldBeTrue();
        }

        (await app.ForgotPassword(isKnown ? Ann : "nobody@example.com")).ShouldBeTrue();
        (await Charged(app)).ShouldBe(isKnown ? 4 : 3);
        (await app.WithAddress("127.63.4.1").ForgotPassword("other@example.com")).ShouldBeTrue();
        (await app.WithAddress("127.63.4.1").Signup("other2@example.com")).ShouldBeTrue();
        (await Charged(app)).ShouldBe(4);
        (await app.InviteByServer("last@example.com")).ShouldBeRateLimited(); // a server is told: it is trusted
    }

    [Fact]
    public async Task Mails_to_an_owner_are_not_counted_by_asking_for_a_name_that_looks_like_their_bucket()
    {
        var app = await servers.Main.CreateApp("hideAccountExistence=1", "signupFlow=code", "userNamesEnabled=1");
        await app.CreateUserByCode("max@müller.example");
        await app.ForgetMessages();
        for (var i = 0; i < 5; i++)
        {
            await app.WithAddress($"127.63.7.{1 + i}").ForgotPassword("sent to|max@müller.example");
            await app.Installation.Execute(
                "DELETE FROM limits WHERE bucket LIKE @minute",
                new { minute = $"{app.Id}|messages to one address within a minute%" }
            );
        }

        (await app.WithAddress("127.63.7.9").ForgotPassword("max@müller.example")).ShouldBeTrue();
        (await app.MailKinds("max@müller.example"))[^1].ShouldBe("resetPassword");
    }

    [Fact]
    public async Task Parallel_messages_are_charged_one_by_one()
    {
        var app = await servers.Main.CreateApp("messagesPerHour=12", "callsPerSecond=1000000");
        var replies = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => app.InviteByServer($"guest{i}@example.com"))));
        replies.Count(reply => reply.Status == HttpStatusCode.OK).ShouldBe(12);
        (await app.AllMails()).Count.ShouldBe(12);
    }

    private static async Task<int> Charged(App app)
    {
        await app.WaitForDeferredWork();
        return await app.Installation.Query<int>(
            "SELECT COALESCE(MAX(count), 0) FROM limits WHERE bucket LIKE @total",
            new { total = $"{app.Id}|messages of one application%" }
        );
    }
}
