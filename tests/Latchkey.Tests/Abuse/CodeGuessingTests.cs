using System.Collections.Concurrent;

namespace Latchkey.Tests.Abuse;

/// <summary>Guessing six digits at a server with its limits on: security.md rows 11, 12 and 15.</summary>
[Collection(SerialCollection.Name)]
public sealed class CodeGuessingTests(ServerFixture servers)
{
    private const string Una = "una@example.com";
    private const string Number = "+4915112345678";
    private static readonly int Guesses = TestScale.Size(500, 10_000);

    public static TheoryData<string> Functions => ["completeSignup", "register", "resetPassword", "loginComplete", "verifyPhone"];

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Of_many_parallel_guesses_five_are_evaluated_and_the_sixth_never_wins(string function)
    {
        var (app, guess, code) = await Victim(function);
        var wrong = Enumerable.Range(0, 1_000_000).Select(i => i.ToString("D6")).Where(one => one != code).Take(Guesses + 5).ToArray();
        for (var i = 0; i < 5; i++)
        {
            (await guess(wrong[Guesses + i])).Code.ShouldBeOneOf(600, 602);
        }

        var evaluated = await Flood(guess, i => i % 50 == 0 ? code : wrong[i]);
        evaluated.ShouldNotContain(reply => reply.Code == null);
        evaluated.Where(reply => reply.Code != 600).ShouldBeEmpty(); // a login token that is out of tries answers 600 and evaluates nothing
        await FiveWereEvaluated(app, function);
        (await guess(code)).Code.ShouldNotBeNull();
        TestScale.RecordFigure(
            11,
            $"{function}: {Guesses:N0} guesses over 20 connections after the first 5, 0 evaluated, the code among them"
        );
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Of_parallel_first_guesses_five_at_most_are_evaluated(string function)
    {
        var (app, guess, code) = await Victim(function);
        var wrong = App.WrongCodeFor(code);
        var answered = await Flood(guess, i => i > 0 && i % 50 == 0 ? code : wrong); // thirty were answered before the code's turn comes
        answered.ShouldNotContain(reply => reply.Code == null);
        if (function != "loginComplete")
        {
            answered.Count.ShouldBeInRange(1, 5);
            answered.ShouldAllBe(reply => reply.Code == 602);
        }

        await FiveWereEvaluated(app, function);
        (await guess(code)).Code.ShouldNotBeNull();
        TestScale.RecordFigure(11, $"{function}: {Guesses:N0} guesses over 20 connections at once, 5 evaluated, the code among the others");
    }

    /// <summary>What was not refused as too many.</summary>
    private static async Task<IReadOnlyCollection<Reply>> Flood(Func<string, Task<Reply>> guess, Func<int, string> code)
    {
        var (answered, next) = (new ConcurrentBag<Reply>(), -1);
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        for (var i = Interlocked.Increment(ref next); i < Guesses; i = Interlocked.Increment(ref next))
                        {
                            if (await guess(code(i)) is { Code: not 700 } reply)
                            {
                                answered.Add(reply);
                            }
                        }
                    })
                )
        );
        return answered;
    }

    /// <summary>What was counted, whatever was answered: loginComplete answers alike when it evaluates nothing.</summary>
    private static async Task FiveWereEvaluated(App app, string function) =>
        (
            function == "loginComplete"
                ? await app.Installation.Query<int>("SELECT MAX(tries) FROM user_codes WHERE app_id = @Id", new { app.Id })
                : await app.Installation.Query<int>(
                    "SELECT MAX(count) FROM limits WHERE bucket LIKE @own",
                    new { own = $"{app.Id}|tries of one code from the network that asked for it|%" }
                )
        ).ShouldBe(5);

    [Fact]
    public async Task Naming_the_user_in_two_ways_gives_no_more_guesses()
    {
        var (app, guess, code) = await Victim("resetPassword", "userNamesEnabled=1");
        (await (await app.Login(Una)).Post("setUserName", new { userName = "una" })).ShouldBeTrue();
        var wrong = App.WrongCodeFor(code);
        for (var i = 0; i < 5; i++)
        {
            (await guess(wrong)).ShouldFailWith(602);
        }

        (await app.ResetPassword("una", wrong)).ShouldBeRateLimited();
        (await app.ResetPassword("una", code)).ShouldBeRateLimited();
    }

    [Fact]
    public async Task A_network_has_twenty_wrong_tries_a_day_however_many_codes_are_asked_for()
    {
        var (app, guess, code) = await Victim("resetPassword");
        var evaluated = 0;
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 5; i++)
            {
                evaluated += (await guess(App.WrongCodeFor(code))).Code == 602 ? 1 : 0;
            }

            await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @messages", new { messages = $"{app.Id}|messages%" });
            (await app.ForgotPassword(Una)).ShouldBeTrue();
            code = await app.LastCodeFor(Una);
        }

        evaluated.ShouldBe(20);
        (await guess(code)).ShouldBeRateLimited();
        (await app.WithAddress("127.0.0.9").ResetPassword(Una, code)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_network_has_twenty_wrong_tries_a_day_at_the_codes_of_a_users_logins()
    {
        var (app, _, code) = await Victim("loginComplete");
        var token = await Again();
        for (var i = 0; i < 20; i++)
        {
            (await app.LoginComplete(token, App.WrongCodeFor(code))).ShouldFailWith(600);
            (token, code) = i % 5 == 4 ? (await Again(), await app.LastCodeFor(Number)) : (token, code);
        }

        (await app.LoginComplete(token, code)).ShouldBeRateLimited();
        app.ParseTokens(await app.WithAddress("127.0.0.9").LoginComplete(token, code));

        async Task<string> Again()
        {
            await app.Installation.Execute(
                "DELETE FROM limits WHERE bucket LIKE @messages OR bucket LIKE @sms",
                new { messages = $"{app.Id}|messages%", sms = $"{app.Id}|SMS%" }
            );
            return await app.LoginToken(Una);
        }
    }

    [Fact]
    public async Task An_invitation_has_its_five_tries_for_as_long_as_it_lives()
    {
        var (app, guess, code) = await Victim("register");
        for (var i = 0; i < 5; i++)
        {
            (await guess(App.WrongCodeFor(code))).ShouldFailWith(602);
        }

        await app.Installation.Execute(
            "UPDATE limits SET resets_at = resets_at - @days WHERE bucket LIKE @ofApp",
            new { days = (long)TimeSpan.FromDays(6).TotalMilliseconds, ofApp = $"{app.Id}|%" }
        );
        (await guess(code)).ShouldBeRateLimited();
        (await app.InviteByServer(Una)).ShouldBeTrue();
        app.ParseTokens(await guess(await app.LastCodeFor(Una)));
    }

    [Fact]
    public async Task Unknown_and_known_handles_run_out_of_tries_alike()
    {
        var (app, _, code) = await Victim("resetPassword");
        foreach (var handle in new[] { Una, "nobody@example.com" })
        {
            for (var i = 0; i < 5; i++)
            {
                (await app.ResetPassword(handle, App.WrongCodeFor(code))).ShouldFailWith(602);
            }

            (await app.ResetPassword(handle, App.WrongCodeFor(code))).ShouldBeRateLimited();
        }
    }

    /// <summary>One second after, and one before. The cleaner has no part in it: it leaves what ended less than seven days ago.</summary>
    [Theory]
    [InlineData("completeSignup", "signups")]
    [InlineData("register", "invitations")]
    [InlineData("resetPassword", "user_codes")]
    [InlineData("loginComplete", "user_codes")]
    [InlineData("verifyPhone", "user_codes")]
    public async Task Expiry_is_decided_at_use(string function, string table)
    {
        var (app, guess, code) = await Victim(function);
        await app.Installation.Execute(
            $"UPDATE {table} SET expires_at = @at WHERE app_id = @id",
            new { at = AppFlows.FromNow(-1), id = app.Id }
        );
        (await guess(code)).Code.ShouldBeOneOf(411, 600, 602);
        await app.Installation.Execute(
            $"UPDATE {table} SET expires_at = @at WHERE app_id = @id",
            new { at = AppFlows.FromNow(1), id = app.Id }
        );
        (await guess(code)).ShouldBeOk();
    }

    /// <summary>A user or invited person, a way to try a code, and the code that was sent.</summary>
    private async Task<(App App, Func<string, Task<Reply>> Guess, string Code)> Victim(string function, params string[] settings)
    {
        var app = await servers.Main.CreateApp([
            function == "completeSignup" ? "signupFlow=code" : "signupFlow=none",
            "twoFactorVerification=phone",
            "callsPerSecond=1000000",
            .. settings,
        ]);
        switch (function)
        {
            case "completeSignup":
                (await app.Signup(Una)).ShouldBeTrue();
                return (app, code => app.Complete(Una, code), await app.LastCodeFor(Una));
            case "register":
                (await app.InviteByServer(Una)).ShouldBeTrue();
                return (app, code => app.Register(Una, code), await app.LastCodeFor(Una));
            case "resetPassword":
                await app.CreateUser(Una);
                (await app.ForgotPassword(Una)).ShouldBeTrue();
                return (app, code => app.ResetPassword(Una, code), await app.LastCodeFor(Una));
            case "verifyPhone":
                var una = await app.CreateUser(Una);
                (await una.Post("setPhone", new { phone = Number })).ShouldBeTrue();
                return (app, code => una.Post("verifyPhone", new { code }), await app.LastCodeFor(Number));
            default:
                await (await app.CreateUser(Una)).EnablePhone(Number);
                await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @messages", new { messages = $"{app.Id}|%" });
                var token = await app.LoginToken(Una);
                return (app, code => app.LoginComplete(token, code), await app.LastCodeFor(Number));
        }
    }
}
