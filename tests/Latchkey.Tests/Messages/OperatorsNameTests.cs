using System.Globalization;
using Latchkey.Messages.Outbox;
using Latchkey.Tests.Messages.Providers;

namespace Latchkey.Tests.Messages;

/// <summary>What developers can do with the installation's provider, which sends in the operator's name.</summary>
public sealed class OperatorsNameTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Phishing = "<style>div{display:none!important}</style><p>Your bank needs your PIN. %CODE%</p>";

    [Fact]
    public async Task A_developers_own_text_begins_with_the_application_and_the_reason()
    {
        await using var providers = await FakeProviders.Start();
        var server = await WithProvider(providers);
        var app = await App.Create(server, ["locales=EN,DE"], "Paddle Club");
        await SetTemplate(app, "DE", "signUp", Phishing);
        var mail = await MailWith(providers, app, "your PIN", "DE");
        mail.Html.ShouldStartWith("<div dir=\"auto\" style=\"all:initial !important;display:block !important");
        mail.Html.ShouldContain(">Paddle Club: Best&#228;tigen Sie Ihre E-Mail-Adresse (127.0.0.1)</div>\n");
        mail.Text.ShouldStartWith("Paddle Club: Bestätigen Sie Ihre E-Mail-Adresse (127.0.0.1)\n");

        var builtIn = await MailWith(providers, app, "Confirm your e-mail address", "EN");
        builtIn.Html.ShouldNotContain("all:initial"); // the built-in text says it itself
    }

    [Theory]
    [InlineData("own provider")]
    [InlineData("switched off by the operator")]
    public async Task Without_the_operators_name_there_is_no_frame(string why)
    {
        await using var providers = await FakeProviders.Start();
        var server = await WithProvider(providers, ("LATCHKEY_MESSAGE_FRAME", why == "own provider" ? "on" : "off"));
        var app = await server.CreateApp();
        if (why == "own provider")
        {
            await app.Set(
                "emailExtension=1",
                "mailProvider=webhook",
                $"webhookUrl={providers.WebhookUrl}",
                $"webhookSecret={FakeProviders.HookSecret}"
            );
        }

        await SetTemplate(app, "EN", "signUp", Phishing);
        (await MailWith(providers, app, "your PIN", "EN")).Html.ShouldStartWith("<style>");
    }

    [Fact]
    public async Task An_SMS_with_a_developers_own_text_names_the_application()
    {
        await using var providers = await FakeProviders.Start();
        var server = await WithProvider(providers);
        var app = await App.Create(server, ["signupFlow=none", "twoFactorVerification=phone"], "Paddle Club");
        await SetTemplate(app, "EN", MessageKind.Sms, "Call us. %CODE%");
        await (await app.CreateUser(Ann)).Post("setPhone", new { phone = "+14155550101" });
        (
            await WaitUntil.IsNotNull("the SMS", () => Task.FromResult(providers.Received.FirstOrDefault(one => one.To == "+14155550101")))
        ).Text.ShouldStartWith("Paddle Club: Call us.");
    }

    [Fact]
    public async Task New_recipients_of_a_day_are_bounded_and_known_ones_are_not()
    {
        await using var providers = await FakeProviders.Start();
        var server = await WithProvider(providers);
        (await server.Installation.Run("limits", "set", "development", "recipientsPerDay=3")).ShouldSucceed();
        var app = await server.CreateApp("signupFlow=code");
        var (ann, five) = (await AddUser(app, Ann), await AddUser(app, "five@example.com"));
        await ChangePassword(ann, App.Password, "another-one-of-mine-2");
        (await app.Signup("two@example.com")).ShouldBeTrue();
        (await app.Signup("three@example.com")).ShouldBeTrue();
        var refused = await app.Signup("four@example.com");
        refused.ShouldBeRateLimited();
        int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture).ShouldBeGreaterThan(23 * 3600);
        (await app.ForgotPassword(Ann)).ShouldBeTrue(); // has had a message today

        // A notice that nobody asked for goes to a new recipient: it fails, and the delivery log says why.
        await ChangePassword(five, App.Password, "another-one-of-mine-2");
        var row = await app.Installation.Query<MessageRow>(
            "SELECT status, answer, body_sealed FROM messages WHERE app_id = @Id AND recipient = 'five@example.com'",
            new { app.Id }
        );
        (row.Status, row.Answer, row.BodySealed).ShouldBe(
            ("failed", "not sent: recipients of the installation's providers within a day", null)
        );

        (await server.Installation.Run("limits", "set", "development", "recipientsPerDay=0")).ShouldSucceed();
        await WaitUntil.IsTrue("the limit is gone", async () => (await app.Signup("four@example.com")).Code is null);
    }

    [Fact]
    public async Task What_the_operator_has_not_raised_is_a_ceiling_for_developers()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        foreach (var (name, shipped) in new[] { ("messagesPerHour", 1000), ("callsPerSecond", 200), ("anonymousUsersPerHour", 30) })
        {
            var refused = await owner.SubmitAndFollow(
                $"/portal/applications/{app.Id}/settings/limits",
                "settings",
                (name, $"{shipped + 1}")
            );
            refused.Text("#limits").ShouldContain($"at most {shipped} for {name}");
            (await owner.SubmitAndFollow($"/portal/applications/{app.Id}/settings/limits", "settings", (name, $"{shipped - 1}")))
                .Text("#limits")
                .ShouldNotContain("at most");
        }

        (await app.Installation.Run("app", "set", app.Id, "messagesPerHour=5000")).ShouldSucceed(); // the operator gives this one more
        (await owner.SubmitAndFollow($"/portal/applications/{app.Id}/settings/limits", "settings", ("callsPerSecond", "100")))
            .Text("#limits")
            .ShouldNotContain("at most");
        (await app.Installation.Query<string>("SELECT settings FROM applications WHERE id = @Id", new { app.Id })).ShouldContain(
            "\"messagesPerHour\":5000"
        );
    }

    private async Task<ServerProcess> WithProvider(FakeProviders providers, params (string, string)[] more) =>
        await servers.StartOn(
            await servers.NewInstallation(),
            environment:
            [
                ("LATCHKEY_WEBHOOK_URL", providers.WebhookUrl.AbsoluteUri),
                ("LATCHKEY_WEBHOOK_SECRET", FakeProviders.HookSecret),
                .. more,
            ]
        );

    private static async Task<LoggedInUser> AddUser(App app, string handle)
    {
        (await app.Installation.RunWithInput(App.Password, "user", "add", app.Id, handle, "--password-stdin")).ShouldSucceed();
        return await app.Login(handle);
    }

    private static async Task ChangePassword(LoggedInUser user, string password, string newPassword) =>
        (await user.Post("changePassword", new { password, newPassword })).ShouldBeTrue();

    private static async Task SetTemplate(App app, string locale, string kind, string html)
    {
        var file = Path.Combine(app.Installation.DataFolder, $"{kind}.html");
        await File.WriteAllTextAsync(file, html);
        (await app.Installation.Run("template", "set", app.Id, locale, kind, "--html", file)).ShouldSucceed();
    }

    /// <summary>Signs strangers up until the server uses a changed template.</summary>
    private static Task<ReceivedMessage> MailWith(FakeProviders providers, App app, string text, string locale) =>
        WaitUntil.IsNotNull(
            $"a mail with {text}",
            async () =>
            {
                var address = $"{Latchkey.Data.Ids.New(TimeProvider.System)}@example.com";
                (await app.Signup(address, locale: locale)).ShouldBeTrue();
                var mail = await WaitUntil.IsNotNull(
                    "the mail",
                    () => Task.FromResult(providers.Received.FirstOrDefault(one => one.To == address))
                );
                return mail.Html.Contains(text, StringComparison.Ordinal) ? mail : null;
            }
        );
}
