using Latchkey.Tests.Api.LoginCodes;
using Latchkey.Tests.Api.Passkeys;
using Latchkey.Tests.Api.SocialLogin;
using Latchkey.Tests.Api.TwoFactor;

namespace Latchkey.Tests.Api.Linking;

/// <summary>
/// Somebody who uses an address before its owner does, with a network and accounts at Apple and Google of their own, and keeps everything
/// that could lead back into the owner's account. The attacker cannot read the owner's mail until the owner has used it.
/// </summary>
public sealed class Attacker(App app, FakeIdentityProvider provider) : IDisposable
{
    public const string Owner = "owner@example.com";
    public const string Password = "the attacker's horse";
    public const string Number = "+14155550199";
    private const string Account = "attacker@gmail.example";

    private readonly List<string> passwords = [Password];
    private readonly List<LoggedInUser> users = [];
    private readonly List<(string Token, string Code)> logins = [];
    private readonly List<string> providers = [];
    private readonly List<string> recoveryCodes = [];
    private readonly List<string> deviceTokens = [];
    private readonly List<SoftAuthenticator> phones = [];
    private readonly List<CodeRequest> codeRequests = [];
    private bool hasNumber;
    private Authenticator? authenticator;
    private string? anonymous;
    private string? userName;

    /// <summary>With an address of the attacker's own.</summary>
    public App App { get; } = app.WithAddress("127.0.0.66");

    /// <summary>Codes and tokens of links in the owner's mails that came because of the attacker. The owner did not use them.</summary>
    public List<string> Codes { get; } = [];

    /// <summary>The attacker's newest session.</summary>
    public LoggedInUser User => users[^1];

    /// <summary>Signs up at once: the application verifies no addresses.</summary>
    public async Task SignUp() => Keep(await App.CreateUser(Owner, Password));

    public async Task LogIn() => Keep(await App.Login(Owner, Password));

    public async Task Refresh() => Keep(await User.Refresh());

    /// <summary>Signs up and waits: the code goes to the owner.</summary>
    public async Task LeaveSignup(string password = Password, LoggedInUser? upgrading = null)
    {
        passwords.Add(password);
        (await App.Signup(Owner, password, upgrading: upgrading)).ShouldBeTrue();
        await KeepSentCode();
    }

    /// <summary>The same with an anonymous user that is to become the owner's.</summary>
    public async Task LeaveAnonymousSignup()
    {
        await BecomeAnonymous();
        await LeaveSignup(upgrading: User);
    }

    /// <summary>An anonymous user takes the address at once.</summary>
    public async Task UpgradeAnonymous()
    {
        await BecomeAnonymous();
        Keep(App.ParseTokens(await App.Signup(Owner, Password, upgrading: User)));
    }

    public async Task BecomeAnonymous()
    {
        anonymous = "ANON_attacker";
        Keep(await App.LoginAnonymous(anonymous));
    }

    public async Task SetUserName()
    {
        userName = "mine";
        (await User.Post("setUserName", new { userName })).ShouldBeTrue();
    }

    public async Task ChangePassword()
    {
        passwords.Add("the attacker's second horse");
        (await User.Post("changePassword", new { password = Password, newPassword = passwords[^1] })).ShouldBeTrue();
    }

    public async Task EnableAuthenticator() => authenticator = await User.EnableAuthenticator();

    public async Task MakeRecoveryCodes()
    {
        await EnableAuthenticator();
        users[^1] = App.ParseTokens(await User.Post("stepUp", new { code = authenticator!.Code() }));
        await ForgetSteps();
        recoveryCodes.AddRange(FactorFlows.Texts((await User.Post("recoveryCodes", new { })).ShouldBeOk().Json, "recovery-codes")!);
    }

    /// <summary>A login that asks for no second factor on this device.</summary>
    public async Task RememberDevice()
    {
        await EnableAuthenticator();
        var login = await App.BeginLogin(handle: Owner, password: Password);
        var answer = await login.Complete(authenticator!.Code(), remember: true);
        deviceTokens.Add(answer.ShouldBeOk().Json.GetProperty("device-token").GetString()!);
        Keep(App.ParseTokens(answer));
        await ForgetSteps();
    }

    /// <summary>A login that waits for its second factor.</summary>
    public async Task BeginLogin()
    {
        await EnableAuthenticator();
        logins.Add((await App.LoginToken(Owner, Password), authenticator!.Code()));
    }

    /// <summary>A login that waits for a factor to be set up.</summary>
    public async Task BeginEnrollment()
    {
        var login = await App.BeginLogin(handle: Owner, password: Password);
        authenticator = await login.StartAuthenticator();
        logins.Add((login.Token, authenticator.Code()));
    }

    public async Task VerifyPhone()
    {
        await User.VerifyPhone(Number);
        hasNumber = true;
    }

    public Task EnablePhone() => User.EnablePhone(Number);

    /// <summary>A number that waits for its code.</summary>
    public async Task BeginPhone()
    {
        (await User.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        Codes.Add(await App.LastCodeFor(Number));
    }

    public async Task AddPasskey()
    {
        phones.Add(new SoftAuthenticator());
        (await User.AddPasskey(phones[^1])).ShouldBeOk();
    }

    public async Task LogInByPasskey() => Keep(App.ParseTokens(await App.LoginWithPasskey(phones[^1])));

    /// <summary>Links an account of the attacker's own.</summary>
    public async Task Link(string at)
    {
        (await User.Link(at, provider.Token(at, Account))).ShouldBeTrue();
        providers.Add(at);
    }

    public async Task LogInBy(string at) => Keep(App.ParseTokens(await App.SocialLogin(at, provider.Token(at, Account))));

    /// <summary>A login with a linked account that waits for the second factor.</summary>
    public async Task BeginLoginBy(string at)
    {
        await EnableAuthenticator();
        var answer = (await App.SocialLogin(at, provider.Token(at, Account))).ShouldBeOk().Json;
        logins.Add((answer.GetProperty("login-token").GetString()!, authenticator!.Code()));
    }

    /// <summary>A login by code that waits: the code goes to the owner.</summary>
    public async Task AskForLoginCode()
    {
        codeRequests.Add(await App.BeginCodeLogin(Owner));
        await KeepSentCode();
    }

    public async Task AskForReset()
    {
        (await App.ForgotPassword(Owner)).ShouldBeTrue();
        await KeepSentCode();
    }

    /// <summary>Another user of the attacker's invites the owner.</summary>
    public async Task Invite()
    {
        var inviter = await App.SendAsServer(HttpMethod.Post, "users", new { handle = Account, password = Password });
        inviter.ShouldBeOk();
        (await (await App.Login(Account, Password)).Invite(Owner)).ShouldBeTrue();
        await KeepSentCode();
    }

    /// <summary>Signs up with an ID token whose address nobody verified, or that is of another address.</summary>
    public async Task TrySocialSignup(bool isVerified)
    {
        var claims = FakeIdentityProvider.Claims("google", isVerified ? Account : Owner, $"sub-of-{Account}");
        claims["email_verified"] = isVerified;
        (await App.SocialSignup("google", provider.Sign("google", claims), Owner)).ShouldFailWith(613);
        providers.Add("google");
    }

    /// <summary>What leads into the owner's account of all that can be tried again and again. The names say what it is.</summary>
    public async Task<IReadOnlyList<string>> FindLastingWaysIn(string ownerId)
    {
        var attempts = new Attempts(ownerId);
        foreach (var (i, user) in users.Index())
        {
            await attempts.Try($"access token {i}", user.TryGetUser);
        }

        foreach (var (i, password) in passwords.Index())
        {
            await attempts.Try($"password {i}", () => App.TryLogin(Owner, password));
            await attempts.TryIf(userName is not null, $"password {i} by user name", () => App.TryLogin(userName!, password));
            foreach (var deviceToken in deviceTokens)
            {
                await attempts.Try(
                    $"password {i} on the remembered device",
                    () =>
                        App.Post(
                            "login",
                            new
                            {
                                handle = Owner,
                                password,
                                deviceToken,
                            }
                        )
                );
            }
        }

        foreach (var at in providers)
        {
            await attempts.Try($"account at {at}", () => App.SocialLogin(at, provider.Token(at, Account)));
        }

        foreach (var phone in phones)
        {
            await attempts.Try(
                "passkey",
                async () =>
                    await App.Post("passkeyLoginOptions", new { }) is { Code: not null } off ? off : await App.LoginWithPasskey(phone)
            );
        }

        return attempts.Found;
    }

    /// <summary>
    /// What leads into the owner's account of everything, with what works once, and what was mailed to the owner because of the attacker.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindWaysIn(string ownerId)
    {
        var attempts = new Attempts(ownerId);
        attempts.Found.AddRange(await FindLastingWaysIn(ownerId));
        foreach (var (i, user) in users.Index())
        {
            await attempts.Try($"link by access token {i}", () => user.Link("apple", provider.Token("apple", "late@example.com")));
            await attempts.Try($"step-up by access token {i}", () => user.Post("stepUp", new { password = Password }));
            await attempts.Try($"changed password by access token {i}", () => user.Post("changePassword", NewPassword(Password)));
            await attempts.Try($"number by access token {i}", () => user.Post("setPhone", new { phone = Number }));
            await attempts.TryIf(user.RefreshToken is not null, $"refresh token {i}", user.TryRefresh);
        }

        foreach (var (token, code) in logins)
        {
            await ForgetSteps();
            await attempts.Try("login token", () => App.LoginComplete(token, code));
            await attempts.Try("enrollment", () => App.Post("enrollFactor", new { loginToken = token, method = "otp" }));
            foreach (var recovery in recoveryCodes.Take(1))
            {
                await attempts.Try("recovery code", () => App.LoginComplete(token, recovery));
            }
        }

        await attempts.TryIf(hasNumber, "code by SMS", LogInBySms);
        foreach (var code in Codes)
        {
            foreach (var request in codeRequests)
            {
                await attempts.Try("code of a login", () => request.Complete(code));
            }

            await attempts.Try("code of a signup", () => App.Complete(Owner, code));
            await attempts.Try("code of an invitation", () => App.Register(Owner, code, Password));
            await attempts.Try("code of a reset", () => App.ResetPassword(Owner, code, Password));
            foreach (var user in users)
            {
                await attempts.Try("code of a number", () => user.Post("verifyPhone", new { code }));
            }
        }

        await attempts.TryIf(anonymous is not null, "anonymous user", () => App.Post("loginAnonymous", new { handle = anonymous }));
        return attempts.Found;
    }

    /// <summary>How many recovery codes, devices, passkeys, codes and strangers' identities the owner's account has.</summary>
    public async Task<long> CountLeft(string ownerId) =>
        await App.Installation.Query<long>(
            """
            SELECT (SELECT COUNT(*) FROM recovery_codes WHERE app_id = @Id AND user_id = @ownerId)
              + (SELECT COUNT(*) FROM remembered_devices WHERE app_id = @Id AND user_id = @ownerId)
              + (SELECT COUNT(*) FROM passkeys WHERE app_id = @Id AND user_id = @ownerId)
              + (SELECT COUNT(*) FROM user_codes WHERE app_id = @Id AND user_id = @ownerId AND used_at IS NULL)
              + (SELECT COUNT(*) FROM user_identities WHERE app_id = @Id AND user_id = @ownerId AND email <> @Owner)
            """,
            new
            {
                App.Id,
                ownerId,
                Owner,
            }
        );

    public void Dispose() => phones.ForEach(phone => phone.Dispose());

    private static object NewPassword(string password) => new { password, newPassword = "the attacker's last horse" };

    /// <summary>A login with the code that the attacker's phone gets, if it gets one.</summary>
    private async Task<Reply> LogInBySms()
    {
        await App.Installation.Execute("DELETE FROM messages WHERE app_id = @Id AND recipient = @Number", new { App.Id, Number });
        var asked = await App.AskForCode(Number);
        return asked.Code is null && (await App.Mails(Number)).FirstOrDefault(mail => mail.Code is not null) is { } sms
            ? await CodeRequest.Parse(App, Number, asked).Complete(sms.Code!)
            : asked with
            {
                Status = System.Net.HttpStatusCode.BadRequest,
                Text = """{"code":600,"message":"no code came"}""",
            };
    }

    private Task ForgetSteps() => App.ResetTotpSteps(Owner);

    private void Keep(LoggedInUser user) => users.Add(user);

    private async Task KeepSentCode()
    {
        var mail = (await App.Mails(Owner))[0];
        Codes.AddRange(new[] { mail.Code, mail.Link is null ? null : TokenOf(mail.Link) }.OfType<string>());
    }

    /// <summary>What a link has in place of a code.</summary>
    public static string TokenOf(string link) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(link).Query)["code"].ToString();

    /// <summary>Tries what might lead into one user's account.</summary>
    private sealed class Attempts(string ownerId)
    {
        public List<string> Found { get; } = [];

        public Task TryIf(bool has, string name, Func<Task<Reply>> attempt) => has ? Try(name, attempt) : Task.CompletedTask;

        public async Task Try(string name, Func<Task<Reply>> attempt)
        {
            var reply = await attempt();
            ((int)reply.Status).ShouldBeLessThan(500, $"{name} {reply.Text}");
            if (reply.Code is null && !IsAnothers(reply))
            {
                Found.Add(name);
            }
        }

        /// <summary>What a user of the attacker's own gets, such as an anonymous one, is not a way in.</summary>
        private bool IsAnothers(Reply reply) =>
            reply.Text.StartsWith('{')
            && (
                reply.Json.TryGetProperty("jwt", out var jwt)
                    ? LoggedInUser.DecodePart(jwt.GetString()!, 1).GetProperty("uid").GetString() != ownerId
                    : reply.Json.TryGetProperty("handle", out var handle) && handle.GetString() != Owner
            );
    }
}
