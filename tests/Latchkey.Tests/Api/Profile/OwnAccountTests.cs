namespace Latchkey.Tests.Api.Profile;

/// <summary>Locale, password and deletion.</summary>
public sealed class OwnAccountTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Next = "another good password";

    [Fact]
    public async Task A_locale_of_the_application_or_EN_is_taken()
    {
        var ann = await Join("locales=EN,FR");
        foreach (var (asked, stored) in new[] { (" fr ", "FR"), ("EN", "EN") })
        {
            (await ann.Post("setLocale", new { locale = asked })).ShouldBeTrue();
            (await ann.GetUser()).GetProperty("locale").GetString().ShouldBe(stored);
        }

        (await ann.Post("setLocale", new { locale = "JA" })).ShouldFailWith(602);
    }

    [Fact]
    public async Task A_changed_password_counts_at_once_and_is_told_by_mail()
    {
        var ann = await Join();
        (await ann.Post("changePassword", new { password = App.Password, newPassword = Next })).ShouldBeTrue();
        (await ann.App.TryLogin(Ann)).ShouldFailWith(600);
        (await ann.App.TryLogin(Ann, Next)).ShouldBeOk();
        (await ann.App.Mails(Ann))[0].Kind.ShouldBe("passwordChanged");
    }

    [Fact]
    public async Task A_wrong_or_unchanged_password_is_invalid_data()
    {
        var ann = await Join();
        (await ann.Post("changePassword", new { password = "a wrong password", newPassword = Next })).ShouldFailWith(602);
        (await ann.Post("changePassword", new { password = App.Password, newPassword = App.Password })).ShouldFailWith(602);
        (await ann.Post("changePassword", new { password = App.Password, newPassword = "short" })).ShouldFailWith(702);
        (await ann.App.TryLogin(Ann)).ShouldBeOk();
    }

    [Theory]
    [InlineData(" ANN@example.com ")]
    [InlineData("annie")]
    public async Task Handle_or_user_name_and_password_delete_the_account(string handle)
    {
        var ann = await Join("userNamesEnabled=1");
        (await ann.Post("setUserName", new { userName = "annie" })).ShouldBeTrue();
        (await ann.Post("deleteAccount", new { handle, password = App.Password })).ShouldBeTrue();
        (await ann.TryGetUser()).ShouldFailWith(405);
        (await ann.App.TryLogin(Ann)).ShouldFailWith(600);
        (await ann.App.Signup(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task Without_proof_nothing_is_deleted()
    {
        var ann = await Join();
        await ann.App.CreateUser("bob@example.com");
        (await ann.Post("deleteAccount", new { handle = Ann, password = "a wrong password" })).ShouldFailWith(600);
        (await ann.Post("deleteAccount", new { handle = "bob@example.com", password = App.Password })).ShouldFailWith(600);
        (await ann.Post("deleteAccount", new { handle = Ann })).ShouldFailWith(403);
        (await ann.Post("deleteAccount", new { })).ShouldFailWith(403);
        (await ann.TryGetUser()).ShouldBeOk();
    }

    [Fact]
    public async Task An_anonymous_user_names_itself_to_be_deleted()
    {
        var anonymous = await (await servers.Main.CreateApp("anonymousLoginEnabled=1")).LoginAnonymous("ANON_1");
        (await anonymous.Post("deleteAccount", new { handle = "ANON_2" })).ShouldFailWith(600);
        (await anonymous.Post("deleteAccount", new { handle = "ANON_1" })).ShouldBeTrue();
        (await anonymous.TryGetUser()).ShouldFailWith(405);
    }

    private async Task<LoggedInUser> Join(params string[] settings) =>
        await (await servers.Main.CreateApp(["signupFlow=none", .. settings])).CreateUser(Ann);
}
