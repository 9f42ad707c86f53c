namespace Latchkey.Tests.Limits;

/// <summary>How many codes of one handle are good at the same time, and who may guess at them.</summary>
public sealed class LiveCodeTests(ServerFixture servers)
{
    private const string Wrong = "000000";

    [Theory]
    [MemberData(nameof(CodeRequester.Functions), MemberType = typeof(CodeRequester))]
    public async Task Three_codes_of_one_requester_are_good_and_a_fourth_ends_the_first(string function)
    {
        var una = await CodeRequester.Create(servers.Main, function);
        string[] codes = [await una.Ask("127.60.0.1"), await una.Ask("127.60.0.1"), await una.Ask("127.60.0.1")];
        (await una.CountLive()).ShouldBe(3);
        var fourth = await una.Ask("127.60.0.1");
        (await una.CountLive()).ShouldBe(3);
        (await una.Guess("127.60.0.1", codes[0])).ShouldFailWith(602);
        (await una.Guess("127.60.0.1", codes[1] == fourth ? codes[2] : codes[1])).ShouldBeOk();
        (await una.CountLive()).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(CodeRequester.Functions), MemberType = typeof(CodeRequester))]
    public async Task Another_requester_ends_nobody_elses_code(string function)
    {
        var una = await CodeRequester.Create(servers.Main, function);
        var own = await una.Ask("127.60.1.1");
        for (var i = 0; i < 4; i++)
        {
            await una.Ask("127.60.1.2");
        }

        (await una.Guess("127.60.1.1", own)).ShouldBeOk();
    }

    [Theory]
    [MemberData(nameof(CodeRequester.Functions), MemberType = typeof(CodeRequester))]
    public async Task Ten_codes_in_all_are_good_and_the_next_requester_is_told_to_come_back(string function)
    {
        var una = await CodeRequester.Create(servers.Main, function);
        for (var i = 0; i < 10; i++)
        {
            await una.Ask($"127.60.2.{1 + (i / 3)}");
        }

        (await una.CountLive()).ShouldBe(10);
        (await una.TryAsk("127.60.2.9")).ShouldBeRateLimited();
        (await una.CountLive()).ShouldBe(10);
        await una.Ask("127.60.2.1");
        (await una.CountLive()).ShouldBe(10);
    }

    [Theory]
    [InlineData("completeSignup")]
    [InlineData("resetPassword")]
    [InlineData("register")]
    public async Task Where_accounts_are_hidden_the_eleventh_request_is_answered_like_any(string function)
    {
        var una = await CodeRequester.Create(servers.Main, function, "hideAccountExistence=1");
        for (var i = 0; i < 10; i++)
        {
            await una.Ask($"127.60.3.{1 + (i / 3)}");
        }

        var mails = (await una.App.Mails(una.Handle)).Count;
        (await una.TryAsk("127.60.3.9")).ShouldBeTrue();
        (await una.App.Mails(una.Handle)).Count.ShouldBe(mails);
        (
            await una.App.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND code = 700 AND detail = 'live codes of one handle'",
                new { una.App.Id }
            )
        ).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(CodeRequester.Functions), MemberType = typeof(CodeRequester))]
    public async Task Strangers_have_twenty_guesses_a_week_and_the_network_that_asked_keeps_its_own(string function)
    {
        var una = await CodeRequester.Create(servers.Main, function);
        var code = await una.Ask("127.60.4.1");
        for (var i = 0; i < 20; i++)
        {
            (await una.Guess($"127.60.4.{10 + (i / 5)}", App.WrongCodeFor(code))).ShouldFailWith(602);
        }

        (await una.Guess("127.60.4.20", code)).ShouldBeRateLimited();
        var second = await una.Ask("127.60.4.1");
        (await una.Guess("127.60.4.20", second)).ShouldBeRateLimited();
        (await una.Guess("127.60.4.1", second)).ShouldBeOk();
    }

    [Fact]
    public async Task A_week_later_strangers_may_guess_again()
    {
        var una = await CodeRequester.Create(servers.Main, "resetPassword");
        var code = await una.Ask("127.60.5.1");
        await Used(una.App, "tries of all codes of one handle within a week", () => una.Guess("127.60.5.2", App.WrongCodeFor(code)));
        (await una.Guess("127.60.5.2", code)).ShouldBeRateLimited();
        (await una.App.Installation.Execute("UPDATE limits SET resets_at = 1 WHERE bucket LIKE @week", Week(una.App))).ShouldBe(1);
        (await una.Guess("127.60.5.2", code)).ShouldBeOk();
    }

    [Theory]
    [MemberData(nameof(CodeRequester.Functions), MemberType = typeof(CodeRequester))]
    public async Task Networks_that_ask_have_twenty_guesses_a_week_at_codes_of_others_and_more_at_their_own(string function)
    {
        var una = await CodeRequester.Create(servers.Main, function);
        var owners = await una.Ask("127.60.6.1");
        var attackers = await una.Ask("127.60.6.2");
        await Used(
            una.App,
            "tries of codes of one handle that others asked for within a week",
            () => una.Guess("127.60.6.2", owners == Wrong || attackers == Wrong ? "999999" : Wrong)
        );
        (await una.Guess("127.60.6.2", owners)).ShouldFailWith(602); // it is not compared any more
        (await una.Guess("127.60.6.1", owners)).ShouldBeOk();
    }

    [Fact]
    public async Task Known_and_unknown_handles_have_the_same_guesses_of_strangers()
    {
        var una = await CodeRequester.Create(servers.Main, "resetPassword", "hideAccountExistence=1");
        var replies = new List<string>();
        foreach (var handle in new[] { una.Handle, "nobody@example.com" })
        {
            await una.App.ForgetMessages();
            (await una.App.WithAddress("127.60.7.1").ForgotPassword(handle)).ShouldBeTrue();
            var codes = new List<int?>();
            for (var i = 0; i < 25; i++)
            {
                codes.Add((await (una with { Handle = handle }).Guess($"127.60.7.{10 + (i / 5)}", Wrong)).Code);
            }

            replies.Add(string.Join(' ', codes));
        }

        replies[1].ShouldBe(replies[0]);
        replies[0].ShouldEndWith("602 700 700 700 700 700");
    }

    [Fact]
    public async Task A_right_code_of_a_stranger_gives_its_guess_back()
    {
        var una = await CodeRequester.Create(servers.Main, "completeSignup");
        (await una.Guess("127.60.8.2", await una.Ask("127.60.8.1"))).ShouldBeOk();
        (await una.App.Installation.Query<int>("SELECT count FROM limits WHERE bucket LIKE @week", Week(una.App))).ShouldBe(0);
    }

    private static object Week(App app) => new { week = $"{app.Id}|tries of all codes of one handle within a week|%" };

    /// <summary>As if the twenty of a limit had been used up, after one that was.</summary>
    private static async Task Used(App app, string limit, Func<Task<Reply>> guess)
    {
        (await guess()).ShouldFailWith(602);
        (
            await app.Installation.Execute("UPDATE limits SET count = 20 WHERE bucket LIKE @bucket", new { bucket = $"{app.Id}|{limit}|%" })
        ).ShouldBePositive();
    }
}
