using Latchkey.Messages.Outbox;

namespace Latchkey.Tests.Abuse;

/// <summary>
/// One right code in many requests at once: security.md rows 13 and 20. 50 rounds in the quick run, but where sixteen passwords are
/// hashed a round.
/// </summary>
[Collection(SerialCollection.Name)]
public sealed class RaceConditionTests(ServerFixture servers)
{
    private const string Una = "una@example.com";
    private static readonly int Rounds = TestScale.Size(50, 1_000);

    /// <summary>Where each of the requests hashes its password before it is known whose is taken.</summary>
    private static int RoundsOf(int atOnce) => TestScale.IsLong ? Rounds : Rounds / (atOnce / 2);

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public async Task One_invitation_makes_one_user(int atOnce)
    {
        var app = await (await servers.Unlimited()).CreateApp("passwordFormat=md5");
        var mailbox = await app.Installation.Get<Mailbox>();
        for (var round = 0; round < RoundsOf(atOnce); round++)
        {
            var handle = $"r{round}@example.com";
            (await app.InviteByServer(handle)).ShouldBeTrue();
            var code = (await mailbox.List(app.Id, handle, 1))[0].Body.Code!;
            var replies = await AppFlows.SendInParallel(atOnce, i => app.Register(handle, code, $"{i:x32}"));
            OneSucceeded(replies, 601);
            (await app.CountUsers(handle)).ShouldBe(1);
        }

        TestScale.RecordFigure(13, $"register, {atOnce} at once, {RoundsOf(atOnce):N0} rounds, one user each");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public async Task One_reset_code_sets_one_password(int atOnce)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "passwordFormat=md5");
        var mailbox = await app.Installation.Get<Mailbox>();
        await app.CreateUser(Una, new string('f', 32));
        for (var round = 0; round < RoundsOf(atOnce); round++)
        {
            (await app.ForgotPassword(Una)).ShouldBeTrue();
            var code = (await mailbox.List(app.Id, Una, 1))[0].Body.Code!;
            var replies = await AppFlows.SendInParallel(atOnce, i => app.ResetPassword(Una, code, PasswordOf(round, i)));
            OneSucceeded(replies, 602);
            // The password of the one who was told so holds
            await app.Login(Una, PasswordOf(round, Array.FindIndex(replies, reply => reply.Code is null)));
        }

        TestScale.RecordFigure(
            13,
            $"resetPassword, {atOnce} at once, {RoundsOf(atOnce):N0} rounds, the password of the one who was answered holds"
        );

        static string PasswordOf(int round, int request) => $"{(round * 16) + request:x32}";
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public async Task One_login_token_and_code_open_one_session(int atOnce)
    {
        var (app, authenticator) = await WithGus();
        var token = await app.LoginToken("gus@example.com");
        for (var round = 0; round < Rounds; round++)
        {
            await NewTokens(app);
            var (before, code) = (await Sessions(), authenticator.Code());
            OneSucceeded(await AppFlows.SendInParallel(atOnce, _ => app.LoginComplete(token, code)), 600);
            (await Sessions()).ShouldBe(before + 1);
        }

        TestScale.RecordFigure(13, $"loginComplete, {atOnce} at once, {Rounds:N0} rounds, one session each");

        Task<long> Sessions() => app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id", new { app.Id });
    }

    [Fact]
    public async Task One_authenticator_code_opens_one_session_whatever_the_login_tokens()
    {
        var (app, authenticator) = await WithGus();
        var rounds = TestScale.Size(50, 1_000);
        var tokens = new string[16];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = await app.LoginToken("gus@example.com");
        }

        for (var round = 0; round < rounds; round++)
        {
            await NewTokens(app);
            var code = authenticator.Code();
            OneSucceeded(await AppFlows.SendInParallel(tokens.Length, i => app.LoginComplete(tokens[i], code)), 600);
        }

        TestScale.RecordFigure(20, $"16 logins with one code at once, {rounds:N0} rounds, one session each");
    }

    private async Task<(App App, Authenticator Authenticator)> WithGus()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google");
        return (app, await (await app.CreateUser("gus@example.com")).EnableAuthenticator());
    }

    /// <summary>Login tokens as they were, and the code's step unused. A login each would cost thousands of password hashes.</summary>
    private static async Task NewTokens(App app)
    {
        await app.Installation.Execute("UPDATE user_codes SET used_at = NULL, tries = 0 WHERE app_id = @Id", new { app.Id });
        await app.ResetTotpSteps("gus@example.com");
    }

    private static void OneSucceeded(Reply[] replies, int otherwise)
    {
        replies.Count(reply => reply.Code is null).ShouldBe(1);
        replies
            .Where(reply => reply.Code is not null)
            .ShouldAllBe(reply => reply.Code == otherwise, string.Join(' ', replies.Select(reply => reply.Code)));
    }
}
