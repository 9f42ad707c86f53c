using System.Text.Json;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Accounts;

/// <summary>What a browser does with passkeys in the portal.</summary>
public static class PortalPasskeyFlows
{
    public const string SignInPage = "/portal/sign-in";
    public const string SecondFactorPage = "/portal/sign-in/code";
    public const string ConfirmPage = "/portal/confirm";
    public const string PasskeysPage = "/portal/account/passkeys";

    /// <summary>An authenticator in a browser that has the portal open at localhost.</summary>
    public static SoftAuthenticator NewPasskey(this ServerProcess server) => new() { Origin = $"http://localhost:{server.Address.Port}" };

    /// <summary>What a page's form asks the browser for, and the form's hidden fields.</summary>
    public static async Task<(JsonElement Options, Dictionary<string, string> Form)> AskedBy(this PortalClient client, string path)
    {
        var fields = await client.Fields(path, "passkey");
        var part = new HtmlParser().ParseDocument((await client.Get(path)).Text).GetElementById("passkey")!;
        fields["requestToken"] = part.QuerySelector("input[name=requestToken]")!.GetAttribute("value")!;
        using var options = JsonDocument.Parse($"{{\"options\":{part.GetAttribute("data-options")}}}");
        return (options.RootElement.Clone(), fields);
    }

    /// <summary>Adds a passkey; gives the answer to the form.</summary>
    public static async Task<Reply> AddPasskey(this PortalClient client, SoftAuthenticator passkey, string name = "")
    {
        var (options, form) = await client.AskedBy(PasskeysPage);
        return await client.Send(PasskeysPage, form, ("credential", passkey.Register(options)), ("name", name));
    }

    /// <summary>Signs what a page asks for, and sends it; gives the answer to the form.</summary>
    public static async Task<Reply> UsePasskey(this PortalClient client, string path, SoftAuthenticator passkey)
    {
        var (options, form) = await client.AskedBy(path);
        return await client.Send(path, form, ("credential", passkey.Sign(options)));
    }

    /// <summary>An account with a passkey, in a signed-in browser; gives its recovery codes too.</summary>
    public static async Task<(PortalAccount Account, PortalClient Client, SoftAuthenticator Passkey, List<string> Codes)> WithPasskey(
        this ServerProcess server,
        bool isOperator = false
    )
    {
        var account = await PortalAccount.Create(server, "dev", isOperator);
        var (client, passkey) = (await account.SignIn(), server.NewPasskey());
        var shown = await client.Get((await client.AddPasskey(passkey)).Header("Location")!);
        var codes = new HtmlParser().ParseDocument(shown.ShouldBeOk().Text).QuerySelector("#copy-codes")!.TextContent;
        return (account, client, passkey, [.. codes.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
