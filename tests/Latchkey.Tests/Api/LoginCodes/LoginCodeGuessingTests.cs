using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>Guesses and renewals count by request, so that nobody can guess at, use up, end or hold up another's.</summary>
public sealed class LoginCodeGuessingTests(ServerFixture servers)
{
    [Fact]
    public async Task A_request_has_five_guesses_and_another_request_its_own()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes();
        await app.CreateUserByCode(Ann);
        var first = await app.BeginCodeLogin();
        var code = await app.LastCodeFor(Ann);
        var second = await app.BeginCodeLogin();
        var secondCode = await app.LastCodeFor(Ann);
        for (var i = 0; i < 5; i++)
        {
            (await first.Complete(App.WrongCodeFor(code))).ShouldFailWith(600);
        }

        (await first.Complete(code)).ShouldFailWith(731);
        (await second.Complete(secondCode)).ShouldBeOk();
    }

    [Fact]
    public async Task Of_fifty_guesses_at_once_five_are_compared()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes();
        await app.CreateUserByCode(Ann);
        var request = await app.BeginCodeLogin();
        var code = await app.LastCodeFor(Ann);
        var replies = await AppFlows.SendInParallel(50, _ => request.Complete(App.WrongCodeFor(code)));
        replies.Count(reply => reply.Code == 600).ShouldBe(5);
        replies.Count(reply => reply.Code == 731).ShouldBe(45);
    }

    [Fact]
    public async Task A_newer_request_of_the_same_person_ends_no_older_one()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes();
        await app.CreateUserByCode(Ann);
        var phone = await app.BeginCodeLogin();
        var code = await app.LastCodeFor(Ann);
        for (var i = 0; i < 12; i++)
        {
            await app.BeginCodeLogin(); // a tablet, impatiently
        }

        (await phone.Complete(code)).ShouldBeOk();
    }

    [Fact]
    public async Task Strangers_neither_end_nor_use_up_nor_hold_up_the_owners_request()
    {
        var app = await servers.Main.CreateAppWithCodes();
        await app.CreateUserByCode(Ann);
        await app.ForgetMessages();
        var owner = await app.BeginCodeLogin();
        var code = await app.LastCodeFor(Ann);
        for (var i = 0; i < 12; i++)
        {
            var stranger = app.WithAddress($"127.0.1.{i + 1}");
            await app.ForgetMessages(); // as if hours lay between them
            var request = await stranger.BeginCodeLogin();
            for (var guess = 0; guess < 5; guess++)
            {
                (await request.Complete(App.WrongCodeFor(await app.LastCodeFor(Ann)))).ShouldFailWith(600);
            }

            (await (owner with { App = stranger, Token = "guessed" }).Complete(code)).ShouldFailWith(731);
        }

        (await owner.Complete(code)).ShouldBeOk();
    }

    [Fact]
    public async Task A_network_has_twenty_guesses_a_day_at_an_address_and_uses_up_its_own_only()
    {
        var app = await servers.Main.CreateAppWithCodes();
        await app.CreateUserByCode(Ann);
        var guesser = app.WithAddress("127.0.1.20");
        for (var request = 0; request < 4; request++)
        {
            await app.ForgetMessages();
            var guesses = await guesser.BeginCodeLogin();
            for (var i = 0; i < 5; i++)
            {
                (await guesses.Complete(App.WrongCodeFor(await app.LastCodeFor(Ann)))).ShouldFailWith(600);
            }
        }

        await app.ForgetMessages();
        var another = await guesser.BeginCodeLogin();
        (await another.Complete(await app.LastCodeFor(Ann))).ShouldBeRateLimited();
        await app.ForgetMessages();
        var owner = await app.BeginCodeLogin();
        (await owner.Complete(await app.LastCodeFor(Ann))).ShouldBeOk();
    }

    [Fact]
    public async Task Guesses_without_a_request_use_nothing_up_in_the_owners_network_either()
    {
        var app = await servers.Main.CreateAppWithCodes();
        await app.CreateUserByCode(Ann);
        await app.ForgetMessages();
        var owner = await app.BeginCodeLogin();
        for (var i = 0; i < 30; i++)
        {
            (await (owner with { Token = "guessed" }).Complete("123456")).ShouldFailWith(731);
        }

        (await owner.Complete(await app.LastCodeFor(Ann))).ShouldBeOk();
    }

    [Fact]
    public async Task An_address_gets_one_mail_a_minute_and_five_an_hour_one_of_them_for_another_network()
    {
        var app = await servers.Main.CreateAppWithCodes();
        await app.CreateUserByCode(Ann);
        await app.ForgetMessages();
        await app.BeginCodeLogin();
        (await app.AskForCode()).ShouldBeRateLimited();
        var answers = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            await app.Installation.Execute(
                "DELETE FROM limits WHERE bucket LIKE @minute",
                new { minute = $"{app.Id}|messages to one address within a minute%" }
            );
            answers.Add((await (i < 4 ? app : app.WithAddress("127.0.1.30")).AskForCode()).Code ?? 0);
        }

        answers.ShouldBe([0, 0, 0, 700, 0, 700]);
    }
}
