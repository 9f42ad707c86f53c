namespace Latchkey.Tests.Api.Signup;

/// <summary>With signup flow none nobody shows that an address is its own: it is not flooded with welcomes.</summary>
public sealed class WelcomeMailTests(ServerFixture servers)
{
    private const string Una = "una@example.com";

    [Fact]
    public async Task Who_signs_up_and_deletes_the_account_again_and_again_mails_the_address_twice()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var welcomes = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var una = await app.WithAddress($"127.7.7.{i + 1}").CreateUser(Una);
            welcomes.AddRange(await app.MailKinds(Una)); // gone with the account
            (await una.Post("deleteAccount", new { handle = Una, password = App.Password })).ShouldBeTrue();
        }

        await app.CreateUser(Una);
        welcomes.AddRange(await app.MailKinds(Una));
        welcomes.ShouldBe(["signUpSuccess", "signUpSuccess"]);
        await app.CreateUser("other@example.com");
        (await app.MailKinds("other@example.com")).ShouldBe(["signUpSuccess"]);
    }
}
