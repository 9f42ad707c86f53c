namespace Latchkey.Tests.Api.Signup;

/// <summary>With signup flow none nobody shows that an address is its own: it is not flooded with welcomes.</summary>
public sealed class WelcomeMails(Servers servers)
{
    private const string Una = "una@example.com";

    [Fact]
    public async Task Who_signs_up_and_deletes_the_account_again_and_again_mails_the_address_twice()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        for (var i = 0; i < 4; i++)
        {
            var una = await app.At($"127.7.7.{i + 1}").Join(Una);
            (await una.Post("deleteAccount", new { handle = Una, password = App.Password })).ShouldBeTrue();
        }

        await app.Join(Una);
        (await app.Kinds(Una)).ShouldBe(["signUpSuccess", "signUpSuccess"]);
        await app.Join("other@example.com");
        (await app.Kinds("other@example.com")).ShouldBe(["signUpSuccess"]);
    }
}
