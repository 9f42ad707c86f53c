using Latchkey.Tests.Api.LoginCodes;
using Latchkey.Tests.Api.Passkeys;
using Latchkey.Tests.Api.SocialLogin;
using Latchkey.Tests.Operations.UserTransfer;
using static Latchkey.Tests.Api.Linking.Attacker;

namespace Latchkey.Tests.Api.Linking;

/// <summary>
/// Sequences in which an attacker uses an address before its owner comes and proves that it is theirs: nothing of the attacker's survives
/// (security.md row 96). In those that begin with In, the attacker has the account until then, which the test checks too.
/// </summary>
public sealed class EarlierAttackerTests(SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    /// <summary>By name: the application's settings, what the attacker does, and how the owner comes.</summary>
    private static readonly Dictionary<string, Sequence> Sequences = new(StringComparer.Ordinal)
    {
        // No address is verified: the attacker has an account at once. The owner asks for a new password.
        ["In: a password and a session"] = Unverified(a => a.SignUp()),
        ["In: the owner uses the mailed link"] = Unverified(a => a.SignUp()) with { Owner = ResetByLink },
        ["In: three sessions"] = Unverified(a => a.SignUp(), a => a.LogIn(), a => a.LogIn()),
        ["In: a refresh token"] = Unverified(a => a.SignUp()).With("sessionMode=refresh"),
        ["In: refresh tokens old and new"] = Unverified(a => a.SignUp(), a => a.Refresh(), a => a.Refresh()).With("sessionMode=refresh"),
        ["In: a changed password"] = Unverified(a => a.SignUp(), a => a.ChangePassword()),
        ["In: a user name"] = Unverified(a => a.SignUp(), a => a.SetUserName()).With("userNamesEnabled=1"),
        ["In: an authenticator app"] = Unverified(a => a.SignUp(), a => a.EnableAuthenticator()).With("twoFactorVerification=google"),
        ["In: an authenticator app that resets do not keep"] = Unverified(a => a.SignUp(), a => a.EnableAuthenticator())
            .With("twoFactorVerification=google", "resetKeepsTwoFactor=0"),
        ["In: a login that waits for the authenticator app"] = Unverified(a => a.SignUp(), a => a.BeginLogin())
            .With("twoFactorVerification=google"),
        ["In: recovery codes"] = Unverified(a => a.SignUp(), a => a.MakeRecoveryCodes()).With("secondFactorPolicy=optional"),
        ["In: a remembered device"] = Unverified(a => a.SignUp(), a => a.RememberDevice())
            .With("secondFactorPolicy=optional", "rememberDeviceDays=30"),
        ["In: a login that waits for a factor to be set up"] = Unverified(a => a.SignUp(), a => a.BeginEnrollment())
            .With("secondFactorPolicy=required") with
        {
            Owner = ResetWithoutFactor,
        },
        ["In: a phone number"] = Unverified(a => a.SignUp(), a => a.VerifyPhone()).With("twoFactorVerification=phone"),
        ["In: a phone number as second factor"] = Unverified(a => a.SignUp(), a => a.EnablePhone()).With("twoFactorVerification=phone"),
        ["In: a phone number that waits for its code"] = Unverified(a => a.SignUp(), a => a.BeginPhone())
            .With("twoFactorVerification=phone"),
        ["In: a linked account at Google"] = Unverified(a => a.SignUp(), a => a.Link("google")),
        ["In: a linked account at Apple"] = Unverified(a => a.SignUp(), a => a.Link("apple")),
        ["In: linked accounts at both"] = Unverified(a => a.SignUp(), a => a.Link("google"), a => a.Link("apple")),
        ["In: a session of a linked account"] = Unverified(a => a.SignUp(), a => a.Link("google"), a => a.LogInBy("google")),
        ["In: a refresh token of a linked account"] = Unverified(a => a.SignUp(), a => a.Link("google"), a => a.LogInBy("google"))
            .With("sessionMode=refresh"),
        ["In: a login by a linked account that waits for the factor"] = Unverified(
                a => a.SignUp(),
                a => a.Link("apple"),
                a => a.BeginLoginBy("apple")
            )
            .With("twoFactorVerification=google"),
        ["In: a linked account, and linking is off while the owner comes"] = Unverified(
            a => a.SignUp(),
            a => a.Link("google"),
            a => a.App.Set("linkingEnabled=0")
        ) with
        {
            After = a => a.App.Set("linkingEnabled=1"),
        },
        ["In: a linked account, and Google is off while the owner comes"] = Unverified(
            a => a.SignUp(),
            a => a.Link("google"),
            a => a.App.Set("googleLoginEnabled=0")
        ) with
        {
            After = a => a.App.Set("googleLoginEnabled=1"),
        },
        ["In: a linked account without step-up"] = Unverified(a => a.SignUp(), a => a.Link("google")).With("stepUpRequired=0"),
        ["In: a passkey"] = Unverified(a => a.SignUp(), a => a.AddPasskey()).With(PasskeyFlows.Settings),
        ["In: two passkeys, and a session of one"] = Unverified(
                a => a.SignUp(),
                a => a.AddPasskey(),
                a => a.AddPasskey(),
                a => a.LogInByPasskey()
            )
            .With([.. PasskeyFlows.Settings, "sessionMode=refresh"]),
        ["In: a passkey, and passkeys are off while the owner comes"] = Unverified(
                a => a.SignUp(),
                a => a.AddPasskey(),
                a => a.App.Set("passkeysEnabled=0")
            )
            .With(PasskeyFlows.Settings) with
        {
            After = a => a.App.Set("passkeysEnabled=1"),
        },
        ["In: a phone number that gets codes by SMS"] = Unverified(a => a.SignUp(), a => a.VerifyPhone())
            .With("twoFactorVerification=phone", "smsCodeLogin=1"),
        ["In: a login by code that the attacker asked for"] = Unverified(a => a.SignUp(), a => a.AskForLoginCode())
            .With("emailCodeLogin=1"),
        ["In: a session, and the owner comes by a login code"] = Unverified(a => a.SignUp()).With("emailCodeLogin=1") with
        {
            Owner = LogInByCode,
        },
        ["In: a linked account, and the owner comes by a login code"] = Unverified(a => a.SignUp(), a => a.Link("google"))
            .With("emailCodeLogin=1", "sessionMode=refresh") with
        {
            Owner = LogInByCode,
        },
        ["In: a passkey, and the owner comes by a login code"] = Unverified(a => a.SignUp(), a => a.AddPasskey())
            .With([.. PasskeyFlows.Settings, "emailCodeLogin=1"]) with
        {
            Owner = LogInByCode,
        },
        ["In: an authenticator app, and the owner comes by a login code"] = Unverified(a => a.SignUp(), a => a.BeginLogin())
            .With("twoFactorVerification=google", "emailCodeLogin=1") with
        {
            Owner = LogInByCode,
        },
        ["In: two login codes that the attacker asked for, and the owner asks for another"] = Unverified(
                a => a.SignUp(),
                a => a.AskForLoginCode(),
                a => a.AskForLoginCode()
            )
            .With("emailCodeLogin=1") with
        {
            Owner = LogInByCode,
        },
        ["In: everything at once"] = Unverified(
                a => a.SignUp(),
                a => a.SetUserName(),
                a => a.Link("google"),
                a => a.Link("apple"),
                a => a.LogInBy("google"),
                a => a.MakeRecoveryCodes()
            )
            .With("userNamesEnabled=1", "secondFactorPolicy=optional", "sessionMode=refresh"),
        ["In: a reset that the attacker asked for"] = Unverified(a => a.SignUp(), a => a.AskForReset()),
        ["In: two resets that the attacker asked for"] = Unverified(a => a.SignUp(), a => a.AskForReset(), a => a.AskForReset()),
        ["In: an anonymous user that took the address"] = Unverified(a => a.UpgradeAnonymous()).With("anonymousLoginEnabled=1"),
        ["In: an anonymous user with a name that took the address"] = Unverified(
                a => a.BecomeAnonymous(),
                a => a.SetUserName(),
                a => a.UpgradeAnonymous()
            )
            .With("anonymousLoginEnabled=1", "userNamesEnabled=1"),
        ["In: addresses are verified from then on"] = Unverified(a => a.SignUp(), a => a.App.Set("signupFlow=code")),
        ["In: addresses are verified and accounts are hidden from then on"] = Unverified(
            a => a.SignUp(),
            a => a.Link("google"),
            a => a.App.Set("signupFlow=code", "hideAccountExistence=1")
        ) with
        {
            Owner = ResetOfHidden,
        },
        ["In: an imported user with a password of the attacker's"] = Unverified(Import("")),
        ["In: an imported user of Google, and the owner comes by Google"] = Unverified(Import("google")) with
        {
            Owner = (app, provider) => LogInBy(app, provider, "google"),
        },
        ["In: an imported user of Apple, and the owner comes by reset"] = Unverified(Import("apple")),
        // Addresses are verified: the attacker leaves something half done.
        ["A signup, and the owner signs up"] = Verified(a => a.LeaveSignup()),
        ["A signup, and the owner comes by Google"] = Verified(a => a.LeaveSignup()) with { Owner = SignUpBy("google") },
        ["A signup, and the owner comes by Apple"] = Verified(a => a.LeaveSignup()) with { Owner = SignUpBy("apple") },
        ["A signup, and the owner is invited"] = Verified(a => a.LeaveSignup()) with { Owner = AcceptInvitation },
        ["A signup by link, and the owner signs up"] = Verified(a => a.LeaveSignup()).With("signupFlow=link") with { Owner = SignUpByLink },
        ["A signup by link, and the owner comes by Google"] = Verified(a => a.LeaveSignup()).With("signupFlow=link") with
        {
            Owner = SignUpBy("google"),
        },
        ["Two signups with other passwords"] = Verified(a => a.LeaveSignup(), a => a.LeaveSignup("a third horse of theirs")),
        ["Two signups, and the owner comes by Apple"] = Verified(a => a.LeaveSignup(), a => a.LeaveSignup("a third horse of theirs")) with
        {
            Owner = SignUpBy("apple"),
        },
        ["A signup of an anonymous user"] = Verified(a => a.LeaveAnonymousSignup()).With("anonymousLoginEnabled=1"),
        ["A signup of an anonymous user, and the owner comes by Google"] = Verified(a => a.LeaveAnonymousSignup())
            .With("anonymousLoginEnabled=1") with
        {
            Owner = SignUpBy("google"),
        },
        ["A signup of an anonymous user, and the owner is invited"] = Verified(a => a.LeaveAnonymousSignup())
            .With("anonymousLoginEnabled=1") with
        {
            Owner = AcceptInvitation,
        },
        ["A signup, and the owner comes by a login code"] = Verified(a => a.LeaveSignup()).With("emailCodeLogin=1", "signupByCode=1") with
        {
            Owner = LogInByCode,
        },
        ["An invitation, and the owner signs up"] = Verified(a => a.Invite()),
        ["An invitation, and the owner comes by Google"] = Verified(a => a.Invite()) with { Owner = SignUpBy("google") },
        ["An invitation, and the owner gets another"] = Verified(a => a.Invite()) with { Owner = AcceptInvitation },
        ["A social signup with an address that is not verified"] = Verified(a => a.TrySocialSignup(isVerified: false)),
        ["A social signup with the owner's address and the attacker's token"] = Verified(a => a.TrySocialSignup(isVerified: true)) with
        {
            Owner = SignUpBy("google"),
        },
    };

    public static TheoryData<string> Names => [.. Sequences.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nothing_of_the_attackers_survives(string name)
    {
        var sequence = Sequences[name];
        var app = await social.CreateApp(sequence.Settings);
        using var attacker = new Attacker(app, social.Provider);
        foreach (var step in sequence.Attack)
        {
            await step(attacker);
        }

        var id = await FindOwnerId(app);
        (id is not null).ShouldBe(name.StartsWith("In:", StringComparison.Ordinal));
        if (id is not null)
        {
            (await attacker.FindLastingWaysIn(id)).ShouldNotBeEmpty();
        }

        var owner = await sequence.Owner(app, social.Provider);
        await sequence.After(attacker);
        (await attacker.FindWaysIn(owner.Id())).ShouldBeEmpty();
        (await attacker.CountLeft(owner.Id())).ShouldBe(0);
        var seen = await owner.GetUser();
        seen.GetProperty("handle").GetString().ShouldBe(Owner);
        seen.GetProperty("twoFactorGoogleVerification").GetBoolean().ShouldBeFalse();
        seen.GetProperty("twoFactorPhoneVerification").GetBoolean().ShouldBeFalse();
        seen.TryGetProperty("phone", out _).ShouldBeFalse();
        seen.TryGetProperty("userName", out _).ShouldBeFalse();
    }

    [Fact]
    public void There_are_at_least_forty() => Sequences.Count.ShouldBeGreaterThanOrEqualTo(40);

    private static Sequence Unverified(params Func<Attacker, Task>[] attack) => new(["signupFlow=none"], attack, Reset);

    private static Sequence Verified(params Func<Attacker, Task>[] attack) => new([], attack, SignUp);

    /// <summary>Of an application that moved in with what the attacker had left elsewhere: a password, and perhaps a provider.</summary>
    private static Func<Attacker, Task> Import(string provider) =>
        async attacker =>
        {
            var app = attacker.App;
            await app.CreateUser("model@example.com", Attacker.Password);
            var hash = await app.Installation.Query<string>(
                "SELECT password_hash FROM users WHERE app_id = @Id AND handle = 'model@example.com'",
                new { app.Id }
            );
            var user = new
            {
                handle = Owner,
                passwordHash = hash,
                passwordPrehashed = true,
                emailVerified = false,
                loginProvider = provider,
            };
            (await app.Import("moved.jsonl", System.Text.Json.JsonSerializer.Serialize(user))).ShouldSucceed();
            await attacker.LogIn();
        };

    private static async Task<LoggedInUser> Reset(App app, FakeIdentityProvider provider)
    {
        (await app.ForgotPassword(Owner)).ShouldBeTrue();
        (await app.ResetPassword(Owner, await app.LastCodeFor(Owner))).ShouldBeTrue();
        return await app.Login(Owner, AppFlows.NewPassword);
    }

    private static async Task<LoggedInUser> ResetByLink(App app, FakeIdentityProvider provider)
    {
        (await app.ForgotPassword(Owner)).ShouldBeTrue();
        (await app.ResetPassword(Owner, TokenOf((await app.Mails(Owner))[0].Link!))).ShouldBeTrue();
        return await app.Login(Owner, AppFlows.NewPassword);
    }

    private static async Task<LoggedInUser> ResetOfHidden(App app, FakeIdentityProvider provider)
    {
        (await app.ForgotPassword(Owner)).ShouldBeTrue();
        await app.WaitForDeferredWork();
        (await app.ResetPassword(Owner, await app.LastCodeFor(Owner))).ShouldBeTrue();
        return await app.Login(Owner, AppFlows.NewPassword);
    }

    private static async Task<LoggedInUser> SignUp(App app, FakeIdentityProvider provider)
    {
        (await app.Signup(Owner)).ShouldBeTrue();
        return app.ParseTokens(await app.Complete(Owner, await app.LastCodeFor(Owner)));
    }

    private static async Task<LoggedInUser> SignUpByLink(App app, FakeIdentityProvider provider)
    {
        (await app.Signup(Owner)).ShouldBeTrue();
        return app.ParseTokens(await app.Complete(Owner, TokenOf((await app.Mails(Owner))[0].Link!)));
    }

    private static async Task<LoggedInUser> AcceptInvitation(App app, FakeIdentityProvider provider)
    {
        (await app.InviteByServer(Owner)).ShouldBeTrue();
        return app.ParseTokens(await app.Register(Owner, await app.LastCodeFor(Owner)));
    }

    private static Func<App, FakeIdentityProvider, Task<LoggedInUser>> SignUpBy(string at) =>
        async (app, provider) => app.ParseTokens(await app.SocialSignup(at, provider.Token(at, Owner), Owner));

    private static async Task<LoggedInUser> LogInBy(App app, FakeIdentityProvider provider, string at) =>
        app.ParseTokens(await app.SocialLogin(at, provider.Token(at, Owner)));

    private static Task<LoggedInUser> LogInByCode(App app, FakeIdentityProvider provider) => app.LoginByCode(Owner);

    private static async Task<LoggedInUser> ResetWithoutFactor(App app, FakeIdentityProvider provider)
    {
        (await app.ForgotPassword(Owner)).ShouldBeTrue();
        (await app.ResetPassword(Owner, await app.LastCodeFor(Owner))).ShouldBeTrue();
        await app.Set("secondFactorPolicy=optional");
        return await app.Login(Owner, AppFlows.NewPassword);
    }

    private static async Task<string?> FindOwnerId(App app) =>
        await app.Installation.Query<string?>("SELECT MAX(id) FROM users WHERE app_id = @Id AND handle = @Owner", new { app.Id, Owner });

    /// <param name="Settings">The application's.</param>
    /// <param name="Attack">What the attacker does, in this order.</param>
    /// <param name="Owner">How the owner comes.</param>
    private sealed record Sequence(
        string[] Settings,
        Func<Attacker, Task>[] Attack,
        Func<App, FakeIdentityProvider, Task<LoggedInUser>> Owner
    )
    {
        /// <summary>What happens before the attacker tries again.</summary>
        public Func<Attacker, Task> After { get; init; } = _ => Task.CompletedTask;

        public Sequence With(params string[] settings) =>
            this with
            {
                Settings = [.. Settings.Where(one => !settings.Any(given => given.Split('=')[0] == one.Split('=')[0])), .. settings],
            };
    }
}
