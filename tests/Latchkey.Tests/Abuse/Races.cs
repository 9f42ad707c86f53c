namespace Latchkey.Tests.Abuse;

/// <summary>One right code in many requests at once: security.md rows 13 and 20. 20 rounds in the quick run.</summary>
[Collection(UnderFire.Name)]
public sealed class Races(Servers servers)
{
    private static readonly int Rounds = Drill.Size(20, 1_000);

    private static int RoundsOf(int atOnce) => Drill.IsLong ? Rounds : Rounds / (atOnce / 2);

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public async Task One_invitation_makes_one_user(int atOnce)
    {
        var app = await (await servers.Unlimited()).CreateApp("passwordFormat=md5");
        for (var round = 0; round < RoundsOf(atOnce); round++)
        {
            var handle = $"r{round}@example.com";
            (await app.InviteByServer(handle)).ShouldBeTrue();
            var code = await app.CodeOf(handle);
            var replies = await AppFlows.AtOnce(atOnce, i => app.Register(handle, code, $"{i:x32}"));
            OneSucceeded(replies, 601);
            (await app.UsersNamed(handle)).ShouldBe(1);
        }

        Drill.Measured(13, $"register, {atOnce} at once, {RoundsOf(atOnce):N0} rounds, one user each");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public async Task One_reset_code_sets_one_password(int atOnce)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "passwordFormat=md5");
        await app.Join("una@example.com", new string('0', 32));
        for (var round = 0; round < RoundsOf(atOnce); round++)
        {
            (await app.ForgotPassword("una@example.com")).ShouldBeTrue();
            var code = await app.CodeOf("una@example.com");
            OneSucceeded(await AppFlows.AtOnce(atOnce, i => app.ResetPassword("una@example.com", code, $"{i:x32}")), 602);
        }

        Drill.Measured(13, $"resetPassword, {atOnce} at once, {RoundsOf(atOnce):N0} rounds, one new password each");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public async Task One_login_token_and_code_open_one_session(int atOnce)
    {
        var (app, authenticator) = await WithGus();
        for (var round = 0; round < Rounds; round++)
        {
            await app.ForgetUsedSteps("gus@example.com");
            var token = await app.LoginToken("gus@example.com");
            var code = authenticator.Code();
            OneSucceeded(await AppFlows.AtOnce(atOnce, _ => app.LoginComplete(token, code)), 600);
        }

        Drill.Measured(13, $"loginComplete, {atOnce} at once, {Rounds:N0} rounds, one session each");
    }

    [Fact]
    public async Task One_authenticator_code_opens_one_session_whatever_the_login_tokens()
    {
        var (app, authenticator) = await WithGus();
        var rounds = Drill.Size(50, 1_000);
        var tokens = new string[16];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = await app.LoginToken("gus@example.com");
        }

        for (var round = 0; round < rounds; round++)
        {
            // Tokens are made anew by the database: a login each would cost 3,200 password hashes.
            await app.Installation.Execute("UPDATE user_codes SET used_at = NULL, tries = 0 WHERE app_id = @id", new { id = app.Id });
            await app.ForgetUsedSteps("gus@example.com");
            var code = authenticator.Code();
            OneSucceeded(await AppFlows.AtOnce(tokens.Length, i => app.LoginComplete(tokens[i], code)), 600);
        }

        Drill.Measured(20, $"16 logins with one code at once, {rounds:N0} rounds, one session each");
    }

    private async Task<(App App, Authenticator Authenticator)> WithGus()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google");
        return (app, await (await app.Join("gus@example.com")).SwitchGoogleOn());
    }

    private static void OneSucceeded(Reply[] replies, int otherwise)
    {
        replies.Count(reply => reply.Code is null).ShouldBe(1);
        replies.Where(reply => reply.Code is not null).ShouldAllBe(reply => reply.Code == otherwise, string.Join(' ', replies.Select(reply => reply.Code)));
    }
}
