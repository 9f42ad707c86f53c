using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Messages;

public sealed class MailContentTests(ServerFixture servers)
{
    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("%CODE% %HANDLE% %LINK%")]
    [InlineData("Müller & Söhne")]
    public async Task A_name_is_text_in_every_part(string name)
    {
        var app = await App.Create(servers.Main, [], name);
        (await app.Signup("ann'&{x}@example.com")).ShouldBeTrue();
        var mail = (await app.Mails("ann'&{x}@example.com")).Single();
        mail.Subject.ShouldContain(name);
        mail.Text.ShouldContain(name);
        var html = new HtmlParser().ParseDocument(mail.Html);
        html.QuerySelectorAll("script, img").ShouldBeEmpty();
        html.Body!.TextContent.ShouldContain(name);
    }

    [Fact]
    public async Task The_mailbox_prints_what_scripts_need_newest_first()
    {
        var app = await servers.Main.CreateApp();
        await app.CreateUserByCode("ann@example.com");
        var printed = (await app.Installation.Run("mailbox", "--json", "--app", app.Id)).ShouldSucceed().Json;
        printed.EnumerateArray().Select(mail => mail.GetProperty("kind").GetString()).ShouldBe(["signUpSuccess", "signUp"]);
        printed[1].EnumerateObject().Select(p => p.Name).ShouldBe(["to", "kind", "subject", "code", "link", "text", "html", "at"]);
        (await app.Installation.Run("mailbox", "--app", app.Id, "--to", "nobody@example.com"))
            .ShouldSucceed()
            .Output.ShouldContain("empty");
    }

    [Fact]
    public async Task What_waits_is_sealed_in_the_database()
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        var stored = await app.Installation.Query<string>("SELECT body_sealed FROM messages WHERE app_id = @Id", new { app.Id });
        stored.ShouldStartWith("v1.");
        stored.ShouldNotContain(await app.LastCodeFor("ann@example.com"));
    }
}
