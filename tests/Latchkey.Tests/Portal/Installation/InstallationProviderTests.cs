using Latchkey.Activity.Audit;
using Latchkey.Applications.MessageProviders;
using Latchkey.Tests.Messages;

namespace Latchkey.Tests.Portal.Installation;

/// <summary>The installation's own providers of mails and SMS, set in the portal.</summary>
public sealed class InstallationProviderTests(ServerFixture servers)
{
    private const string Page = "/portal/operator/providers";
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Mails_go_through_the_provider_from_then_on_at_every_node_and_after_a_restart()
    {
        await using var smtp = new FaultySmtpServer(SmtpBehaviour.Normal);
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation, ["--limits", "off"]);
        var other = await servers.StartOn(installation, ["--limits", "off"]);
        var app = await server.CreateApp();
        using var ada = await PortalVisitor.Operator(server);
        (await ada.Get(Page)).Text("section").ShouldContain("None. Messages stay in the mailbox.");
        var saved = await ada.SubmitAndFollow(Page, "set-mail-provider", Smtp(smtp.Port));
        saved.Text(".notice").ShouldContain("Saved.");
        saved.Text("section").ShouldContain($"SMTP by 127.0.0.1:{smtp.Port}, not encrypted, from noreply@example.com");
        (await app.Signup(Ann)).ShouldBeTrue();
        await Arrives(smtp, Ann);

        using var atOther = ada.On(other);
        await WaitUntil.IsTrue(
            "the other node knows it",
            async () => (await atOther.Get(Page)).Text("section").Contains("SMTP by", StringComparison.Ordinal)
        );
        (await app.Signup("bob@example.com")).ShouldBeTrue();
        await Arrives(smtp, "bob@example.com");

        (await server.Stop()).ShouldBe(0);
        (await other.Stop()).ShouldBe(0);
        var again = app with { Server = await servers.StartOn(installation, ["--limits", "off"]) };
        (await again.Signup("cid@example.com")).ShouldBeTrue();
        await Arrives(smtp, "cid@example.com");
        (await installation.Run("doctor")).Output.ShouldContain($"127.0.0.1:{smtp.Port} is ready");
    }

    [Fact]
    public async Task Secrets_are_encrypted_kept_and_never_shown_and_go_nowhere_else()
    {
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation);
        using var ada = await PortalVisitor.Operator(server);
        await ada.SubmitAndFollow(Page, "set-mail-provider", [.. Smtp(2525), .. Password("canary-of-smtp")]);
        (await Stored(installation, "mail_provider")).ShouldStartWith("v1.");
        (await ada.Get(Page)).Html.ShouldNotContain("canary-of-smtp");
        server.Log.ShouldNotContain(line => line.Contains("canary-of-smtp", StringComparison.Ordinal));
        server.Log.ShouldContain(line => line.Contains("mail_provider set to smtp", StringComparison.Ordinal));

        // Another sender, and no password typed: it stays.
        await ada.SubmitAndFollow(Page, "set-mail-provider", [.. Smtp(2525).Where(one => !IsSender(one)), Sender("other@example.com")]);
        (await Values(installation))["SMTP_PASSWORD"].ShouldBe("canary-of-smtp");
        (await Values(installation))["SMTP_FROM"].ShouldBe("other@example.com");

        // Another server: the password of the one before is not for it.
        var refused = await ada.SubmitAndFollow(Page, "set-mail-provider", Smtp(2526));
        refused.Text("[role=alert]").ShouldContain("Password is missing. The one before was for another place.");
        (await Values(installation))["SMTP_PORT"].ShouldBe("2525");
        await ada.SubmitAndFollow(Page, "set-mail-provider", [.. Smtp(2526), .. Password("another")]);
        (await Values(installation))["SMTP_PASSWORD"].ShouldBe("another");

        await ada.SubmitAndFollow(
            $"{Page}?mail-provider=webhook",
            "set-mail-provider",
            Hook("https://hooks.example.com/x", "canary-of-hook")
        );
        (await Values(installation)).Keys.ShouldBe(["WEBHOOK_URL", "WEBHOOK_SECRET"]);
        (await ada.SubmitAndFollow(Page, "remove-mail-provider")).Text("section").ShouldContain("Messages stay in the mailbox");
        (await installation.Query<int>("SELECT COUNT(*) FROM installation WHERE name = 'mail_provider'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("smtp", "SMTP_HOST=", "Host is missing.")]
    [InlineData("smtp", "SMTP_HOST=not a host", "Host is not a host, which is not the name")]
    [InlineData("smtp", "SMTP_PORT=99999", "Port is 99999, which is not a port.")]
    [InlineData("smtp", "SMTP_SECURITY=some", "Encryption is some. Use starttls, tls or none.")]
    [InlineData("smtp", "SMTP_FROM=nobody", "Sender is nobody, which is not an e-mail address.")]
    [InlineData("smtp", "SMTP_FROM=a@example.com\r\nBcc: b@example.com", "characters that nobody can see")]
    [InlineData("webhook", "WEBHOOK_URL=ftp://example.com", "Address is ftp://example.com, which is not an http or https address.")]
    [InlineData("webhook", "WEBHOOK_SECRET=", "Secret is missing.")]
    [InlineData("sendgrid", "SENDGRID_KEY=", "API key is missing.")]
    [InlineData("carrier-pigeon", "SMTP_HOST=x", "no such kind")]
    public async Task What_is_wrong_is_said_and_nothing_is_stored(string kind, string change, string sentence)
    {
        var installation = await servers.NewInstallation();
        var rules = await installation.Get<InstallationProviderRules>();
        var texts = new Dictionary<string, string>
        {
            ["SMTP_HOST"] = "smtp.example.com",
            ["SMTP_FROM"] = "noreply@example.com",
            ["WEBHOOK_URL"] = "https://hooks.example.com/x",
            ["WEBHOOK_SECRET"] = "secret",
            ["SENDGRID_KEY"] = "key",
            ["SENDGRID_FROM"] = "noreply@example.com",
            [change.Split('=')[0]] = change.Split('=', 2)[1],
        };
        var refused = (await rules.Set(ProviderChannel.Mail, kind, texts, new Actor("ada", "192.0.2.1"))).Error;
        refused.ShouldNotBeNull().Message.ShouldContain(sentence);
        (await installation.Query<int>("SELECT COUNT(*) FROM installation WHERE name = 'mail_provider'")).ShouldBe(0);
    }

    [Fact]
    public async Task The_servers_variables_win_and_are_shown_as_such()
    {
        var installation = await servers.NewInstallation();
        (string, string)[] variables = [("LATCHKEY_SMTP_HOST", "mail.example.com"), ("LATCHKEY_SMTP_FROM", "noreply@example.com")];
        var rules = await installation.Get<InstallationProviderRules>();
        (await rules.Set(ProviderChannel.Mail, "webhook", Hooks, new Actor("ada", "192.0.2.1"))).Succeeded.ShouldBeTrue();
        var server = await servers.StartOn(installation, environment: variables);
        using var ada = await PortalVisitor.Operator(server);
        var page = await ada.Get(Page);
        page.Text("#mail-provider").ShouldContain("LATCHKEY_SMTP_HOST. They win over this page.");
        page.Text("section").ShouldContain("SMTP by mail.example.com:587");
        page.Document.QuerySelector("#mail-provider form").ShouldBeNull();
        page.Document.QuerySelector("#sms-provider form").ShouldNotBeNull();
    }

    [Fact]
    public async Task Nobody_but_an_operator_sets_them()
    {
        var app = await servers.Main.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        (await owner.Get(Page)).Status.ShouldNotBe(System.Net.HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_provider_under_a_key_that_is_gone_is_said_to_be_unreadable_and_the_server_starts()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("app", "list")).ShouldSucceed();
        await installation.Execute(
            "INSERT INTO installation (name, value) VALUES ('mail_provider', 'v1.20200101000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')"
        );
        var server = await servers.StartOn(installation);
        using var ada = await PortalVisitor.Operator(server);
        var page = await ada.Get(Page);
        page.Text("#mail-provider").ShouldContain("this server cannot read it");
        page.Text("section").ShouldContain("None. Messages stay in the mailbox.");
    }

    private static readonly Dictionary<string, string> Hooks = new()
    {
        ["WEBHOOK_URL"] = "https://hooks.example.com/x",
        ["WEBHOOK_SECRET"] = "secret",
    };

    private static (string, string)[] Smtp(int port) =>
        [
            ("mail-provider-SMTP_HOST", "127.0.0.1"),
            ("mail-provider-SMTP_PORT", $"{port}"),
            ("mail-provider-SMTP_SECURITY", "none"),
            Sender("noreply@example.com"),
        ];

    private static (string, string) Sender(string address) => ("mail-provider-SMTP_FROM", address);

    private static bool IsSender((string Name, string) field) => field.Name.EndsWith("FROM", StringComparison.Ordinal);

    private static (string, string)[] Password(string password) =>
        [("mail-provider-SMTP_USER", "latchkey"), ("mail-provider-SMTP_PASSWORD", password)];

    private static (string, string)[] Hook(string url, string secret) =>
        [("mail-provider-WEBHOOK_URL", url), ("mail-provider-WEBHOOK_SECRET", secret)];

    private static Task Arrives(FaultySmtpServer smtp, string to) =>
        WaitUntil.IsTrue($"{to} has a mail", () => Task.FromResult(smtp.AcceptedRecipients.Contains(to)));

    private static Task<string> Stored(TestInstallation installation, string name) =>
        installation.Query<string>("SELECT value FROM installation WHERE name = @name", new { name });

    private static async Task<IReadOnlyDictionary<string, string>> Values(TestInstallation installation)
    {
        var providers = await installation.Get<InstallationProviders>();
        await providers.Load();
        return providers.Values(ProviderChannel.Mail);
    }
}
