using System.Net.Http.Headers;
using System.Text;

namespace Latchkey.Tests.Api;

/// <summary>Codes as people type them, everywhere that somebody types one.</summary>
public sealed class TypedCodeFlowTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Number = "+4915112345678";

    /// <summary>In two groups, as full-width or as Arabic digits.</summary>
    public static TheoryData<string> Styles => ["wide", "arabic"];

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task A_signup_is_completed(string style)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        app.ParseTokens(await app.Complete(Ann, Typed(await app.LastCodeFor(Ann), style)));
    }

    [Fact]
    public async Task A_form_takes_it_too()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        var code = await app.LastCodeFor(Ann);
        var form = new ByteArrayContent(Encoding.UTF8.GetBytes($"handle={Ann}&code={code[..3]}+{code[3..]}"));
        form.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        app.ParseTokens(await app.PostRaw("completeSignup", form, ("app-token", app.Token)));
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task An_invitation_is_accepted(string style)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.InviteByServer(Ann)).ShouldBeTrue();
        app.ParseTokens(await app.Register(Ann, Typed(await app.LastCodeFor(Ann), style)));
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task A_password_is_reset(string style)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
        (await app.ResetPassword(Ann, Typed(await app.LastCodeFor(Ann), style))).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task A_phone_is_verified_and_logs_in(string style)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=phone");
        var ann = await app.CreateUser(Ann);
        (await ann.Post("setPhone", new { phone = Number })).ShouldBeTrue();
        (await ann.Post("verifyPhone", new { code = Typed(await app.LastCodeFor(Number), style) })).ShouldBeTrue();
        (await ann.Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldBeTrue();
        app.ParseTokens(await app.LoginComplete(await app.LoginToken(Ann), Typed(await app.LastCodeFor(Number), style)));
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task An_authenticator_logs_in(string style)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google");
        var authenticator = await (await app.CreateUser(Ann)).EnableAuthenticator();
        app.ParseTokens(await app.LoginComplete(await app.LoginToken(Ann), Typed(authenticator.Code(), style)));
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task The_portal_takes_authenticator_and_recovery_codes(string style)
    {
        const string signIn = "/portal/sign-in/code";
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        (await client.Post("/portal/account/authenticator", "begin")).Header("Location").ShouldNotBeNull();
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument((await client.Get("/portal/account/authenticator")).Text);
        var authenticator = new Authenticator(page.QuerySelector("#copy-key")!.TextContent);
        var confirmed = await client.PostAndFollow(
            "/portal/account/authenticator",
            "confirm",
            ("code", Typed(authenticator.Code(), style))
        );
        var codes = new AngleSharp.Html.Parser.HtmlParser()
            .ParseDocument(confirmed.ShouldBeOk().Text)
            .QuerySelector("#copy-codes")!
            .TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var byApp = await account.SignIn();
        (await byApp.Post(signIn, "code", ("code", Typed(authenticator.Code(1), style)))).Header("Location").ShouldBe("/portal");
        var byRecoveryCode = await account.SignIn();
        var recovery = Typed(codes[0].ToUpperInvariant(), style);
        (await byRecoveryCode.Post(signIn, "code", ("code", recovery))).Header("Location").ShouldBe("/portal");
    }

    /// <summary>Digits in another script, letters full-width, in two groups with a space, a hyphen and a space between.</summary>
    private static string Typed(string code, string style)
    {
        var (digit, letter) = style == "wide" ? ('０', 'Ａ') : ('٠', 'A');
        var typed = string.Concat(code.Select(c => char.IsAsciiDigit(c) ? (char)(digit + (c - '0')) : (char)(letter + (c - 'A'))));
        return $" {typed[..3]}\u00A0\u2011 {typed[3..]} ";
    }
}
