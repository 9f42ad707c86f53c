using System.Text.Json;

namespace Latchkey.BrowserTests.Harness;

/// <summary>An app with the sample page of docs/passkeys at an origin of its own, and a browser with an authenticator.</summary>
public sealed class PasskeyApp : IAsyncDisposable
{
    private readonly LatchkeyServer server;
    private readonly SamplePages pages;
    private readonly ICDPSession devtools;
    private string authenticator = "";

    private PasskeyApp(LatchkeyServer server, SamplePages pages, IPage page, ICDPSession devtools, string id, string token) =>
        (this.server, this.pages, Page, this.devtools, Id, Token) = (server, pages, page, devtools, id, token);

    public IPage Page { get; }

    public string Id { get; }

    public string Token { get; }

    /// <param name="installation">Where the application is.</param>
    /// <param name="transport">internal or usb.</param>
    /// <param name="settings">Further settings of the application.</param>
    public static async Task<PasskeyApp> Create(BrowserFixture installation, string transport = "internal", params string[] settings)
    {
        var server = installation.Server;
        var made = JsonDocument
            .Parse(await server.Command("", ["app", "create", "--name", "Passkeys", "--json", "signupFlow=none", .. settings]))
            .RootElement;
        var (id, token) = (made.GetProperty("appId").GetString()!, made.GetProperty("appToken").GetString()!);
        var pages = await SamplePages.Start(path => Read(path, server.Url, token));
        await server.Command("", "app", "set", id, "passkeysEnabled=1", "passkeyRpId=localhost", $"passkeyOrigins={pages.Origin}");
        var page = await installation.Anonymous(url: pages.Origin);
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        var app = new PasskeyApp(server, pages, page, devtools, id, token);
        await app.PlugIn(transport);
        return app;
    }

    /// <summary>Moves the passkeys to an authenticator that cannot verify its user.</summary>
    public async Task LoseVerification()
    {
        var held = (await devtools.SendAsync("WebAuthn.getCredentials", Named()))!.Value.GetProperty("credentials");
        await devtools.SendAsync("WebAuthn.removeVirtualAuthenticator", Named());
        await PlugIn("usb", canVerifyUser: false);
        foreach (var credential in held.EnumerateArray())
        {
            await devtools.SendAsync("WebAuthn.addCredential", new Dictionary<string, object>(Named()) { ["credential"] = credential });
        }
    }

    private async Task PlugIn(string transport, bool canVerifyUser = true)
    {
        var added = await devtools.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new Dictionary<string, object>
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["ctap2Version"] = "ctap2_1",
                    ["transport"] = transport,
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = canVerifyUser,
                    ["isUserVerified"] = canVerifyUser,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
        authenticator = added!.Value.GetProperty("authenticatorId").GetString()!;
    }

    /// <summary>Whether the finger is the user's.</summary>
    public Task Verify(bool verified) =>
        devtools.SendAsync("WebAuthn.setUserVerified", new Dictionary<string, object>(Named()) { ["isUserVerified"] = verified });

    /// <summary>How many passkeys the authenticator holds.</summary>
    public async Task<int> CountHeld() =>
        (await devtools.SendAsync("WebAuthn.getCredentials", Named()))!.Value.GetProperty("credentials").GetArrayLength();

    /// <summary>Types address and password, and presses a button.</summary>
    public async Task Enter(string button, string handle, string password = BrowserFixture.Password)
    {
        await Page.GetByLabel("E-mail").FillAsync(handle);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Press(button);
    }

    public async Task SignUpWithPasskey(string handle)
    {
        await Page.GotoAsync("/");
        await Enter("Sign up", handle);
        await ShouldSay("Signed in with a password.");
        await Press("Add a passkey");
        await ShouldSay("Added");
    }

    /// <summary>Leaves the page as it is for somebody who has not signed in, with no offer of autofill.</summary>
    public async Task SignOut()
    {
        await Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await Press("Sign out");
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Log in" })).ToBeVisibleAsync();
    }

    public Task Press(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public Task ShouldSay(string text) => Assertions.Expect(Page.GetByRole(AriaRole.Status)).ToContainTextAsync(text);

    /// <summary>As if all proofs lay an hour back.</summary>
    public Task AgeProofs() =>
        Shell.Run(
            $"""
            python3 -c 'import sqlite3
            db = sqlite3.connect("{server.DataFolder}/latchkey.db", timeout=10)
            db.execute("UPDATE sessions SET created_at = created_at - 3600000, proved_at = proved_at - 3600000 WHERE app_id = ?", ("{Id}",))
            db.commit()'
            """
        );

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        await pages.DisposeAsync();
    }

    private Dictionary<string, object> Named() => new() { ["authenticatorId"] = authenticator };

    /// <summary>The page as a developer copies it, with the two values set; and the modules of a package of npm.</summary>
    private static async Task<string?> Read(string path, string server, string token)
    {
        var file = path.StartsWith("npm/", StringComparison.Ordinal)
            ? Path.Combine(LatchkeyServer.Root, ".build", "npm", "node_modules", path["npm/".Length..])
            : Path.Combine(LatchkeyServer.Root, "docs", "passkeys", path);
        return File.Exists(file)
            ? (await File.ReadAllTextAsync(file))
                .Replace("https://auth.example.com", server, StringComparison.Ordinal)
                .Replace("APP_TOKEN", token, StringComparison.Ordinal)
            : null;
    }
}
