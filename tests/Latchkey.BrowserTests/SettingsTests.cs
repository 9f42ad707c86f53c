using System.Text.Json;

namespace Latchkey.BrowserTests;

public sealed class SettingsTests(BrowserFixture installation) : SettingsPageTest(installation)
{
    [Fact]
    public async Task a_metadata_field_can_be_added_changed_and_deleted()
    {
        await Page.AddField(App, "user_data.name");
        await Assertions.Expect(Page.Locator("#set-metaData").GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        (await Fields()).Single().GetProperty("fieldName").GetString().ShouldBe("name");

        await Page.GetByRole(AriaRole.Link, new() { Name = "Edit user_data.name" }).ClickAsync();
        await Page.GetByLabel("Field name").FillAsync("fullName");
        await Page.GetByLabel("Required").CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save field" }).ClickAsync();
        (await Fields()).Single().GetRawText().ShouldBe("""{"path":"user_data.name","canEdit":1,"required":1,"fieldName":"fullName"}""");

        await Page.AddField(App, "sub");
        await Assertions.Expect(Page.Locator("#field-path-error")).ToContainTextAsync("claim that Latchkey sets");

        await Page.GotoAsync($"{App.Path}/settings/metadata/fields/metaData?path=user_data.name");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete field" }).ClickAsync();
        (await Fields()).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_application_without_a_name_is_refused_beside_the_field()
    {
        await Page.GotoAsync($"{App.Path}/settings/general");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(Page.Locator("#field-name-error")).ToContainTextAsync("1 to 100 characters");
        (await Settings()).GetProperty("name").GetString().ShouldBe("Settings");
    }

    [Fact]
    public async Task fields_are_moved_by_their_arrows()
    {
        foreach (var path in new[] { "first", "second", "third" })
        {
            await Page.AddField(App, path);
        }

        await Page.GetByRole(AriaRole.Button, new() { Name = "Move third up" }).ClickAsync();
        await Assertions.Expect(Page.Locator("#set-metaData tbody th")).ToHaveTextAsync(["first", "third", "second"]);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Move first down" }).PressAsync("Enter");
        await Assertions.Expect(Page.Locator("#set-metaData tbody th")).ToHaveTextAsync(["third", "first", "second"]);
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Move third up" })).ToBeHiddenAsync();
        (await Fields()).Select(field => field.GetProperty("path").GetString()).ShouldBe(["third", "first", "second"]);
    }

    [Fact]
    public async Task invite_fields_say_whether_only_servers_may_give_them()
    {
        await Page.GotoAsync($"{App.Path}/settings/metadata/fields/metaDataInvite");
        await Page.GetByLabel("Path").FillAsync("club.role");
        await Page.GetByLabel("Servers only").CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add field" }).ClickAsync();
        await Assertions.Expect(Page.Locator("#set-metaDataInvite td[data-label='Servers only']")).ToHaveTextAsync("yes");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_test_mail_and_a_test_message_show_what_became_of_them(bool scripts)
    {
        var visitor = await Installation.SignedIn(scripts);
        await visitor.GotoAsync($"{App.Path}/settings/messages?show=sms");
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Send test mail" }).ClickAsync();
        await Assertions.Expect(visitor.Locator("#test-email .notice.warn")).ToContainTextAsync("is in the mailbox");
        await visitor.Locator("#test-sms").GetByLabel("Send to").FillAsync("012345");
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Send test message" }).ClickAsync();
        await Assertions.Expect(visitor.Locator("#field-testNumber-error")).ToContainTextAsync("not a phone number");
        await visitor.Locator("#test-sms").GetByLabel("Send to").FillAsync("+4915112345678");
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Send test message" }).ClickAsync();
        await visitor.Locator("#test-sms .notice.warn").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(visitor.Locator(".mail")).ToContainTextAsync("This is a test message from Settings");
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task a_switch_that_does_nothing_yet_says_so()
    {
        await Page.GotoAsync($"{App.Path}/providers");
        await Page.GetByLabel("Apple login").CheckAsync();
        await Page.SaveSettings("Apple login");
        await Assertions.Expect(Page.Locator("#social .alert")).ToContainTextAsync("has no bundle id");
        await Page.GetByLabel("Apple bundle ids").FillAsync("com.example.app");
        await Page.SaveSettings("Apple bundle ids");
        await Assertions.Expect(Page.Locator("#social .alert")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task the_keys_page_shows_what_the_app_and_the_backend_need()
    {
        await Page.GotoAsync($"{App.Path}/keys");
        (await Page.TextContentAsync("#copy-app-token")).ShouldBe(App.AppToken);
        (await Page.TextContentAsync("#copy-public-key"))!.ShouldStartWith("-----BEGIN PUBLIC KEY-----");
        var jwks = await Installation.Http.GetStringAsync(new Uri((await Page.TextContentAsync("#copy-jwks"))!));
        jwks.ShouldContain("\"kty\":\"RSA\"");
        (await Installation.Http.GetStringAsync(new Uri((await Page.TextContentAsync("#copy-discovery"))!))).ShouldContain(
            (await Page.TextContentAsync("#copy-issuer"))!
        );
        using var rsa = System.Security.Cryptography.RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String((await Page.TextContentAsync("#copy-public-key-raw"))!), out _);
        rsa.ExportSubjectPublicKeyInfoPem().ShouldBe((await Page.TextContentAsync("#copy-public-key"))!.Trim());
        foreach (var snippet in new[] { "#copy-node", "#copy-aspnet", "#copy-python" })
        {
            (await Page.TextContentAsync(snippet))!.ShouldContain($"/apps/{App.Id}\"");
        }

        await Page.GetByRole(AriaRole.Button, new() { Name = "Copy Node, with jose" }).ClickAsync();
        await Assertions.Expect(Page.Locator("button", new() { HasText = "Copied" })).ToBeVisibleAsync();
    }

    private async Task<IReadOnlyList<JsonElement>> Fields() => [.. (await Settings()).GetProperty("metaData").EnumerateArray()];
}
