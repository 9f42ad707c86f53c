using AngleSharp.Html.Dom;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider.Clients;
using Latchkey.Users.Identities;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>Somebody with a browser at an application that has another provider in front.</summary>
public sealed record ViaVisitor(ProviderApp Provider, ProviderClient Client, LyingProvider Lying, Browser Browser) : IAsyncDisposable
{
    public const string Alias = "other";

    public static readonly string[] Settings =
    [
        "linkingEnabled=1",
        """metaData=[{"path":"user_data.first","fieldName":"first"},{"path":"user_data.plan","fieldName":"plan","canEdit":0}]""",
    ];

    public string AppId => Provider.Id;

    public static async Task<ViaVisitor> Create(
        ServerFixture servers,
        Func<IdentityProvider, IdentityProvider>? change = null,
        params string[] settings
    )
    {
        var app = await ProviderApp.Create(
            servers,
            [.. Settings.Where(one => settings.All(other => NameOf(other) != NameOf(one))), .. settings]
        );
        var lying = await LyingProvider.Start();
        await AddProvider(app, lying.Issuer, change);
        var client = await app.AddClient(ClientType.Web, one => one with { FirstParty = true });
        return new(app, client, lying, new Browser(app));
    }

    /// <summary>As the rules store one, but for http, which only tests have.</summary>
    public static async Task<IdentityProvider> AddProvider(
        ProviderApp app,
        string issuer,
        Func<IdentityProvider, IdentityProvider>? change = null
    )
    {
        var (ring, store, dialect) = (
            await app.Installation.Get<KeyRing>(),
            await app.Installation.Get<IdentityProviderStore>(),
            await app.Installation.Get<Dialect>()
        );
        var id = Ids.New(TimeProvider.System);
        var provider = new IdentityProvider
        {
            AppId = app.Id,
            Id = id,
            Alias = Alias,
            Template = "oidc",
            Name = "Other Company",
            Fields = $"issuer={issuer}",
            ClientId = LyingProvider.ClientId,
            SecretSealed = ring.Encrypt(IdentityProvider.SecretPurpose(id), LyingProvider.Secret),
            Claims = "given_name=user_data.first",
            EmailTrust = "whenverifiedclaim",
            Enabled = true,
            SignupAllowed = true,
            CreatedAt = TimeProvider.System.Now(),
            UpdatedAt = TimeProvider.System.Now(),
        };
        provider = change?.Invoke(provider) ?? provider;
        await (await app.Installation.Get<Database>()).Write(async db =>
        {
            await store.Insert(db, provider);
            await dialect.AnnounceChange(db, app.Id);
        });
        await WaitUntil.IsTrue(
            "the server knows the provider",
            async () =>
                (await new Browser(app).Open($"login/via/{provider.Alias}")).Page == $"login/via/{provider.Alias}" || !provider.Enabled
        );
        return provider;
    }

    public async Task Change(string assignment)
    {
        var dialect = await Provider.Installation.Get<Dialect>();
        await Provider.Installation.Execute($"UPDATE identity_providers SET {assignment} WHERE app_id = @Id", new { Provider.Id });
        await (await Provider.Installation.Get<Database>()).Write(db => dialect.AnnounceChange(db, Provider.Id));
    }

    /// <summary>Opens the sign-in page of the client's request and presses the provider's button. Returns the provider's address.</summary>
    public async Task<string> Leave(Browser? browser = null, string alias = Alias, params (string Name, string? Value)[] changes)
    {
        browser ??= Browser;
        return AddressOf(await Press(browser, await browser.Authorize(Client, changes), alias));
    }

    /// <summary>Presses a provider's button on a page.</summary>
    public static Task<Visit> Press(Browser browser, Visit page, string alias = Alias)
    {
        var form =
            page.Document.QuerySelectorAll("form").OfType<IHtmlFormElement>().FirstOrDefault(one => IsOf(one, alias))
            ?? throw new InvalidOperationException($"no button of {alias}: {page.Text}");
        return browser.Post(
            form.GetAttribute("action")!,
            form.QuerySelectorAll("input").OfType<IHtmlInputElement>().Select(input => (input.Name ?? "", input.Value))
        );
    }

    /// <summary>Where the page leads that the form ends at.</summary>
    public static string AddressOf(Visit leaving)
    {
        leaving.Page.ShouldEndWith("/leave", Case.Sensitive, leaving.Text);
        var refresh = leaving.Headers["Refresh"];
        refresh.ShouldStartWith("0; url=");
        return refresh["0; url=".Length..];
    }

    /// <summary>There and back.</summary>
    public async Task<Visit> SignIn(Browser? browser = null, params (string Name, string? Value)[] changes) =>
        await (browser ?? Browser).Open(Lying.SignIn(await Leave(browser, Alias, changes)));

    /// <summary>The person of the provider is the user's.</summary>
    public async Task Link(string userId)
    {
        var store = await Provider.Installation.Get<UserIdentityStore>();
        var identity = new UserIdentity
        {
            AppId = AppId,
            Id = Ids.New(TimeProvider.System),
            UserId = userId,
            Provider = Alias,
            Subject = Lying.Subject,
        };
        await (await Provider.Installation.Get<Database>()).Write(db => store.Insert(db, identity));
        await Provider.Installation.Execute("UPDATE users SET email_verified = true WHERE app_id = @AppId", new { AppId });
    }

    public Task<int> Count(string table) =>
        Provider.Installation.Query<int>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id", new { Provider.Id });

    /// <summary>The newest cause in the log of a function.</summary>
    public Task<string> Cause(string action = "providerLogin") =>
        Provider.Installation.Query<string>(
            "SELECT detail FROM audit WHERE app_id = @Id AND action = @action AND code > 0 ORDER BY at DESC, id DESC LIMIT 1",
            new { Provider.Id, action }
        );

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Lying.DisposeAsync();
    }

    private static string NameOf(string setting) => setting.Split('=')[0];

    private static bool IsOf(IHtmlFormElement form, string alias) =>
        form.GetAttribute("action")?.Contains($"login/via/{alias}", StringComparison.Ordinal) == true;
}
