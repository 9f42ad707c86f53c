using System.Text.Json;

namespace Latchkey.BrowserTests.Harness;

/// <summary>Chromium's own authenticator for tests, in one page (DevTools protocol, domain WebAuthn). It says yes to everything.</summary>
public sealed class VirtualAuthenticator
{
    private readonly ICDPSession session;
    private string id = "";

    private VirtualAuthenticator(ICDPSession session) => this.session = session;

    /// <summary>Gives the page an authenticator.</summary>
    /// <param name="transport">internal or usb.</param>
    /// <param name="verifiesUser">Whether it can tell who its user is.</param>
    public static async Task<VirtualAuthenticator> Add(IPage page, string transport = "internal", bool verifiesUser = true)
    {
        var authenticator = new VirtualAuthenticator(await page.Context.NewCDPSessionAsync(page));
        await authenticator.session.SendAsync("WebAuthn.enable");
        await authenticator.Connect(transport, verifiesUser);
        return authenticator;
    }

    public async Task<int> CountCredentials() => (await Credentials()).GetArrayLength();

    /// <summary>Puts the passkeys into another authenticator, in place of this one.</summary>
    public async Task MoveTo(string transport, bool verifiesUser)
    {
        var credentials = await Credentials();
        await session.SendAsync("WebAuthn.removeVirtualAuthenticator", new() { ["authenticatorId"] = id });
        await Connect(transport, verifiesUser);
        foreach (var credential in credentials.EnumerateArray())
        {
            await session.SendAsync("WebAuthn.addCredential", new() { ["authenticatorId"] = id, ["credential"] = credential });
        }
    }

    private async Task<JsonElement> Credentials() =>
        (await session.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = id }))!.Value.GetProperty("credentials");

    private async Task Connect(string transport, bool verifiesUser)
    {
        var added = await session.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new()
            {
                ["options"] = new
                {
                    protocol = "ctap2",
                    transport,
                    hasResidentKey = true,
                    hasUserVerification = verifiesUser,
                    isUserVerified = verifiesUser,
                    automaticPresenceSimulation = true,
                },
            }
        );
        id = added!.Value.GetProperty("authenticatorId").GetString()!;
    }
}
