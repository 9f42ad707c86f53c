namespace Latchkey.BrowserTests;

/// <summary>The sample page of docs/passkeys, at an origin of its own, with Chromium's virtual authenticator.</summary>
public sealed class PasskeySampleTests(BrowserFixture installation)
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData("internal")]
    [InlineData("usb")]
    public async Task a_passkey_is_added_used_renamed_and_removed(string transport)
    {
        await using var app = await PasskeyApp.Create(installation, transport);
        await app.Page.GotoAsync("/");
        await app.Enter("Sign up", Ann);
        await app.ShouldSay("Signed in with a password.");
        await Assertions.Expect(app.Page.GetByText("Next time without a password?")).ToBeVisibleAsync();
        await app.Press("Add a passkey");
        await app.ShouldSay("Added");
        (await app.CountHeld()).ShouldBe(1);

        await app.Page.GetByLabel("Name").FillAsync("Ann's key");
        await app.Press("Rename");
        await app.ShouldSay("Renamed.");
        await app.AgeProofs();
        await app.Press("Remove");
        await app.ShouldSay("710");
        await app.Press("Confirm that it is you");
        await app.ShouldSay("Confirmed.");
        await Assertions.Expect(app.Page.GetByLabel("Name")).ToHaveValueAsync("Ann's key");
        await app.Press("Remove");
        await app.ShouldSay("Removed.");
        await Assertions.Expect(app.Page.GetByLabel("Name")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task a_passkey_signs_in_by_the_button_without_a_name()
    {
        await using var app = await PasskeyApp.Create(installation);
        await app.SignUpWithPasskey(Ann);
        await app.SignOut();
        await app.Press("Sign in with a passkey");
        await app.ShouldSay("Signed in");
        await Assertions.Expect(app.Page.GetByText("Next time without a password?")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task autofill_signs_in_without_any_button()
    {
        await using var app = await PasskeyApp.Create(installation);
        await app.SignUpWithPasskey(Ann);
        await app.Press("Sign out"); // the page loads again, and its field offers the passkey, which the authenticator takes
        await app.ShouldSay("Signed in by autofill.");
    }

    [Theory]
    [InlineData("internal")]
    [InlineData("usb")]
    public async Task an_authenticator_that_does_not_verify_its_user_neither_registers_nor_signs_in(string transport)
    {
        await using var app = await PasskeyApp.Create(installation, transport);
        await app.SignUpWithPasskey(Ann);
        await app.Verify(false);
        await app.Press("Add a passkey");
        await app.ShouldSay("NotAllowedError");
        await app.SignOut();
        await app.Press("Sign in with a passkey");
        await app.ShouldSay("NotAllowedError");
        await app.Verify(true);
        await app.Press("Sign in with a passkey");
        await app.ShouldSay("Signed in");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_passkey_is_the_second_factor_of_a_password(bool verifiesUser)
    {
        await using var app = await PasskeyApp.Create(
            installation,
            "usb",
            "passkeysEnabled=1",
            "passkeyRpId=localhost",
            "secondFactors=passkey",
            "secondFactorPolicy=required"
        );
        await app.Page.GotoAsync("/");
        await app.Enter("Sign up", Ann); // a signup is not a login
        await app.SignOut();
        await app.Enter("Log in", Ann);
        await app.ShouldSay("Signed in, with a new passkey.");
        await Assertions.Expect(app.Page.GetByText("Keep these recovery codes:")).ToBeVisibleAsync();
        if (!verifiesUser)
        {
            await app.LoseVerification();
        }

        await app.SignOut();
        await app.Enter("Log in", Ann);
        await app.ShouldSay("Signed in with two factors.");
    }

    [Fact]
    public async Task the_client_of_simplewebauthn_registers_and_signs_in()
    {
        await using var app = await PasskeyApp.Create(installation);
        await app.Page.GotoAsync("/");
        var signedIn = await app.Page.EvaluateAsync<string>(
            """
            async () => {
              const { startRegistration, startAuthentication } = await import("/npm/@simplewebauthn/browser/esm/index.js");
              const { server, appToken } = document.body.dataset;
              const call = async (name, token, body) =>
                (await fetch(`${server}/api/appuser/${name}`, {
                  method: body ? "POST" : "GET",
                  headers: { "Content-Type": "application/json", ...token },
                  body: body && JSON.stringify(body),
                })).json();
              const app = { "app-token": appToken };
              const ann = await call("signup", app, { handle: "ann@example.com", password: "violet harbour lamp" });
              const user = { "access-token": ann["access-token"] };
              const made = await call("passkeyOptions", user, {});
              await call("passkeyRegister", user, {
                requestToken: made["request-token"],
                credential: await startRegistration({ optionsJSON: made.options }),
              });
              const asked = await call("passkeyLoginOptions", app, {});
              const tokens = await call("passkeyLogin", app, {
                requestToken: asked["request-token"],
                credential: await startAuthentication({ optionsJSON: asked.options }),
              });
              return (await call("getUser", { "access-token": tokens["access-token"] })).handle;
            }
            """
        );
        signedIn.ShouldBe(Ann);
    }
}
