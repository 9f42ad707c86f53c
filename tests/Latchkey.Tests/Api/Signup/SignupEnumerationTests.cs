namespace Latchkey.Tests.Api.Signup;

public sealed class SignupEnumerationTests(ServerFixture servers)
{
    [Fact]
    public async Task A_registered_address_is_answered_like_a_new_one_and_its_owner_is_told()
    {
        var app = await (await servers.Unlimited()).CreateApp("hideAccountExistence=1");
        await app.CreateUserByCode("ann@example.com");
        (await app.Signup("ann@example.com", "the password of eve")).ShouldBeTrue();
        (await app.Signup("new@example.com")).ShouldBeTrue();
        var told = (await app.Mails("ann@example.com"))[0];
        told.Kind.ShouldBe("accountExists");
        told.Code.ShouldBeNull();
        told.Link.ShouldBeNull();
        (await app.TryLogin("ann@example.com", "the password of eve")).ShouldFailWith(600);
        (await app.TryLogin("ann@example.com")).ShouldBeOk();
    }

    [Fact]
    public async Task Logging_in_with_the_password_of_ones_own_request_does_not_tell_whether_the_address_was_free()
    {
        var app = await (await servers.Unlimited()).CreateApp("hideAccountExistence=1");
        await app.CreateUserByCode("ann@example.com");
        foreach (var address in new[] { "ann@example.com", "nobody@example.com" })
        {
            (await app.Signup(address, "the password of eve")).ShouldBeTrue();
            await app.WaitForDeferredWork();
            (await app.TryLogin(address, "the password of eve")).ShouldFailWith(600);
        }

        (
            await app.Installation.Query<string>(
                "SELECT detail FROM audit WHERE app_id = @Id AND action = 'login' AND handle = 'nobody@example.com'",
                new { app.Id }
            )
        ).ShouldBe("not verified");
    }

    [Fact]
    public async Task It_cannot_be_hidden_where_signing_up_tells() =>
        (await servers.Main.Installation.Run("app", "create", "--name", "Demo", "signupFlow=none", "hideAccountExistence=1")).ShouldFail(
            "hideAccountExistence"
        );
}
