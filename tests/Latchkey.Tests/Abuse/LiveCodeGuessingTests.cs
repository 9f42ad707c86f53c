using Latchkey.Tests.Limits;

namespace Latchkey.Tests.Abuse;

/// <summary>Many codes asked for, and many networks that guess at them: security.md rows 61 and 63.</summary>
[Collection(SerialCollection.Name)]
public sealed class LiveCodeGuessingTests(ServerFixture servers)
{
    [Theory]
    [InlineData("register", 61)]
    [InlineData("completeSignup", 61)]
    [InlineData("resetPassword", 63)]
    public async Task However_many_codes_and_networks_there_are_ten_codes_have_twenty_guesses(string function, int row)
    {
        var una = await CodeRequester.Create(servers.Main, function);
        var own = await una.Ask("127.69.9.1");
        var (asked, networks) = (TestScale.Size(24, 840), TestScale.Size(10, 200));
        for (var i = 0; i < asked; i++)
        {
            await una.TryAsk($"127.69.1.{1 + (i % 12)}");
        }

        var live = await una.CountLive();
        live.ShouldBeLessThanOrEqualTo(10);
        var evaluated = 0;
        for (var i = 0; i < networks * 6; i++)
        {
            evaluated += (await una.Guess($"127.69.2.{1 + (i / 6)}", App.WrongCodeFor(own))).Code == 602 ? 1 : 0;
        }

        evaluated.ShouldBe(20);
        var link = (await una.App.Mails(una.Handle)).First(mail => mail.Code == own).Link;
        (await una.Guess("127.69.2.250", own)).ShouldBeRateLimited();
        if (link is not null)
        {
            var stranger = una.App.WithAddress("127.69.2.251");
            (await stranger.SendForm(await stranger.OpenLink(link), ("password", AppFlows.NewPassword))).ShouldBeOk();
        }
        else
        {
            (await una.Guess("127.69.9.1", own)).ShouldBeOk();
        }

        TestScale.RecordFigure(
            row,
            $"{function}: {asked} more codes asked for from 12 networks, {live} live; {networks * 6:N0} guesses from {networks} networks, "
                + $"{evaluated} evaluated: {live * evaluated / 1e6:P2} a week; the owner's {(link is null ? "code" : "link")} still works"
        );
    }
}
