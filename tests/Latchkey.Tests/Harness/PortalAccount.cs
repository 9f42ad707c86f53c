using AngleSharp.Html.Parser;
using Latchkey.Cryptography;
using Latchkey.Messages.Outbox;

namespace Latchkey.Tests.Harness;

/// <summary>An account of the portal, and what its owner does.</summary>
public sealed record PortalAccount(ServerProcess Server, string Email)
{
    public const string Password = "a long portal password";
    private const string AuthenticatorPage = "/portal/account/authenticator";

    private static int networks;

    /// <summary>
    /// Where its owner sits: a network of its own, since wrong passwords of all tests together would reach the limit of one.
    /// </summary>
    private readonly string from = Clients.Address(40, Interlocked.Increment(ref networks));

    public string Id { get; init; } = "";

    /// <summary>An account that the command line made.</summary>
    public static async Task<PortalAccount> Create(ServerProcess server, string name = "dev", bool isOperator = false)
    {
        var email = UniqueEmail(name);
        string[] create = ["developer", "create", "--email", email, "--name", name, "--password-stdin"];
        (await server.Installation.RunWithInput(Password, isOperator ? [.. create, "--operator"] : create)).ShouldSucceed();
        return new PortalAccount(server, email)
        {
            Id = await server.Installation.Query<string>("SELECT id FROM developers WHERE email = @email", new { email }),
        };
    }

    /// <summary>An address that no other test uses.</summary>
    public static string UniqueEmail(string name = "dev") => $"{name}-{Latchkey.Data.Ids.New(TimeProvider.System)}@example.com";

    public async Task<PortalClient> SignIn(string password = Password, string? from = null)
    {
        var client = new PortalClient(Server, from ?? this.from);
        ((int)(await client.SignIn(Email, password)).Status).ShouldBe(303);
        return client;
    }

    public async Task<PortalAccount> AddAsMember(string appId, string role)
    {
        (await Server.Installation.Run("app", "member", "add", appId, "--email", Email, "--role", role)).ShouldSucceed();
        return this;
    }

    /// <summary>Switches the authenticator app on; gives the app and the recovery codes.</summary>
    public async Task<(Authenticator App, List<string> RecoveryCodes)> EnableSecondFactor(PortalClient client)
    {
        var app = await BeginSecondFactor(client);
        return (app, await ConfirmSecondFactor(client, app.Code()));
    }

    /// <summary>An authenticator app with a key that waits for its first code.</summary>
    public async Task<Authenticator> BeginSecondFactor(PortalClient client)
    {
        ((int)(await client.Post(AuthenticatorPage, "begin")).Status).ShouldBe(303);
        return new(new HtmlParser().ParseDocument((await client.Get(AuthenticatorPage)).Text).QuerySelector("#copy-key")!.TextContent);
    }

    /// <summary>Switches the authenticator app on with its first code; gives the recovery codes.</summary>
    public async Task<List<string>> ConfirmSecondFactor(PortalClient client, string code)
    {
        var shown = new HtmlParser().ParseDocument(
            (await client.PostAndFollow(AuthenticatorPage, "confirm", ("code", code))).ShouldBeOk().Text
        );
        return [.. shown.QuerySelector("#copy-codes")!.TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>As if a quarter of an hour had passed since the owner signed in or confirmed, in every browser.</summary>
    public Task LetProofExpire() =>
        Server.Installation.Execute("UPDATE portal_sessions SET proved_at = proved_at - 900000 WHERE developer_id = @Id", new { Id });

    /// <summary>Makes all steps of the app acceptable once more, as if an hour had passed.</summary>
    public Task ResetTotpSteps() => Server.Installation.Execute("UPDATE developers SET totp_last_step = 0 WHERE id = @Id", new { Id });

    /// <summary>The newest portal mail to an address; null when there is none.</summary>
    public static async Task<MailboxMessage?> LastMailTo(ServerProcess server, string address) =>
        await (await server.Installation.Get<Mailbox>()).List(null, address, 1) is [var newest, ..] ? newest : null;

    /// <summary>Path and query of the link in the newest mail to an address.</summary>
    public static async Task<string> LastLinkTo(ServerProcess server, string address) =>
        new Uri((await LastMailTo(server, address))!.Body.Link!).PathAndQuery;

    /// <summary>As a minute later: the portal may write to the address again.</summary>
    public static Task ResetMailLimits(ServerProcess server, string address) =>
        server.Installation.Execute(
            "DELETE FROM limits WHERE bucket LIKE 'portal|messages to one address%' AND bucket LIKE @address",
            new { address = "%|" + Secrets.Hash(address) }
        );
}
