using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>Where accounts are hidden, known and unknown addresses and numbers are answered alike, from the request to the last guess.</summary>
public sealed class LoginCodeEnumerationTests(ServerFixture servers)
{
    [Theory]
    [InlineData(Ann, "nobody@example.com", false)]
    [InlineData(Ann, "suspended@example.com", false)]
    [InlineData(Ann, "nobody@example.com", true)]
    [InlineData(Number, "+14155550199", false)]
    public async Task Both_are_answered_and_can_be_guessed_at(string known, string other, bool signsUp)
    {
        var app = await (await servers.Unlimited()).CreateAppWithPhone();
        await app.CreateUserByCode("suspended@example.com");
        (await app.SendAsServer(HttpMethod.Post, "users/suspended@example.com/suspend")).ShouldBeTrue();
        await app.Set("hideAccountExistence=1", $"signupByCode={(signsUp ? 1 : 0)}");
        var answers = new List<string>();
        foreach (var handle in new[] { known, other })
        {
            var request = await app.BeginCodeLogin(handle);
            await app.WaitForDeferredWork();
            var replies = new List<Reply>();
            for (var i = 0; i < 6; i++)
            {
                replies.Add(await request.Complete("123456"));
            }

            answers.Add(string.Join('|', replies.Select(reply => reply.Text)));
        }

        answers[1].ShouldBe(answers[0]);
        (await app.AllMails())
            .Where(mail => mail.Kind is "loginCode" or "loginCodeSms")
            .Select(mail => mail.To)
            .ShouldBe(signsUp ? [known, other] : [known], ignoreOrder: true);
    }

    [Fact]
    public async Task The_log_alone_says_why_no_code_was_sent()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("hideAccountExistence=1");
        await app.CreateUserByCode(Ann);
        await app.BeginCodeLogin("nobody@example.com");
        await app.WaitForDeferredWork();
        (await Refusals("nobody@example.com")).ShouldBe(603);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Ann}/suspend")).ShouldBeTrue();
        await app.BeginCodeLogin();
        await app.WaitForDeferredWork();
        (await Refusals(Ann)).ShouldBe(404);

        Task<int> Refusals(string handle) =>
            app.Installation.Query<int>(
                "SELECT code FROM audit WHERE app_id = @Id AND action = 'loginCode' AND handle = @handle",
                new { app.Id, handle }
            );
    }

    [Fact]
    public async Task The_code_signs_in_as_ever()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("hideAccountExistence=1", "signupByCode=1");
        await app.CreateUserByCode(Ann);
        await app.LoginByCode();
        await app.LoginByCode("new@example.com");
    }

    [Fact]
    public async Task Neither_required_fields_nor_a_full_application_tell_who_is_known()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("hideAccountExistence=1", "signupByCode=1");
        await app.CreateUserByCode(Ann);
        await app.Set("maxUsers=1", """metaData=[{"path":"name","fieldName":"name","required":true}]""");
        foreach (var handle in new[] { Ann, "nobody@example.com" })
        {
            await app.BeginCodeLogin(handle);
            await app.BeginCodeLogin(handle, """{"name":"x"}""");
            (await app.AskForCode(handle, metaData: "no JSON")).ShouldFailWith(604);
        }

        (await app.AllMails()).Where(mail => mail.Kind == "loginCode").Select(mail => mail.To).Distinct().ShouldBe([Ann]);
    }

    [Fact]
    public async Task The_limit_of_requests_is_the_same_for_both()
    {
        var app = await servers.Main.CreateAppWithCodes("hideAccountExistence=1");
        await app.CreateUserByCode(Ann);
        await app.ForgetMessages();
        foreach (var handle in new[] { Ann, "nobody@example.com" })
        {
            await app.BeginCodeLogin(handle);
            (await app.AskForCode(handle)).ShouldBeRateLimited();
        }
    }
}
