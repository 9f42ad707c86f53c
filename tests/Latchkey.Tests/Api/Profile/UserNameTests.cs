namespace Latchkey.Tests.Api.Profile;

public sealed class UserNameTests(ServerFixture servers)
{
    [Fact]
    [Covers(605)]
    public async Task A_name_is_given_once_and_to_one_user()
    {
        var (ann, bob) = await TwoUsers();
        (await ann.Post("setUserName", new { userName = "  AnN_1.x-y " })).ShouldBeTrue();
        (await ann.GetUser()).GetProperty("userName").GetString().ShouldBe("ann_1.x-y");
        (await ann.Post("setUserName", new { userName = "other" })).ShouldFailWith(602);
        (await bob.Post("setUserName", new { userName = "ANN_1.X-Y" })).ShouldFailWith(605);
        (await bob.GetUser()).TryGetProperty("userName", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_is_free_in_another_application()
    {
        var ((ann, _), (other, _)) = (await TwoUsers(), await TwoUsers());
        (await ann.Post("setUserName", new { userName = "ann" })).ShouldBeTrue();
        (await other.Post("setUserName", new { userName = "ann" })).ShouldBeTrue();
    }

    [Theory]
    [InlineData("ann@example.com")]
    [InlineData("anon_1")]
    [InlineData("ann b")]
    [InlineData("änn")]
    [InlineData("a\u0001")]
    public async Task An_impossible_name_is_invalid_data_and_never_available(string userName)
    {
        var (ann, _) = await TwoUsers();
        (await ann.Post("setUserName", new { userName })).ShouldFailWith(602);
        (await ann.Post("setUserName", new { userName = new string('a', 65) })).ShouldFailWith(602);
        (await Available(ann, userName)).ShouldBe("""{"available":false}""");
    }

    [Fact]
    public async Task Availability_is_told_in_every_spelling()
    {
        var (ann, bob) = await TwoUsers();
        (await Available(bob, "ann")).ShouldBe("""{"available":true}""");
        (await ann.Post("setUserName", new { userName = "ann" })).ShouldBeTrue();
        (await Available(bob, " ANN ")).ShouldBe("""{"available":false}""");
    }

    [Fact]
    public async Task An_anonymous_user_may_have_a_name()
    {
        var app = await servers.Main.CreateApp("anonymousLoginEnabled=1", "userNamesEnabled=1");
        var anonymous = await app.LoginAnonymous("ANON_1");
        (await anonymous.Post("setUserName", new { userName = "ann" })).ShouldBeTrue();
        (await app.TryLogin("ann")).ShouldFailWith(600); // but no password
    }

    private static async Task<string> Available(LoggedInUser user, string name) =>
        (await user.Get($"userNameAvailable?userName={Uri.EscapeDataString(name)}")).ShouldBeOk().Text;

    private async Task<(LoggedInUser Ann, LoggedInUser Bob)> TwoUsers()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "userNamesEnabled=1");
        return (await app.CreateUser("ann@example.com"), await app.CreateUser("bob@example.com"));
    }
}
