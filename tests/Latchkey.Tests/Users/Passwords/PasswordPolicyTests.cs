using Latchkey.Users.Passwords;

namespace Latchkey.Tests.Users.Passwords;

public sealed class PasswordPolicyTests(ServerFixture servers)
{
    [Theory]
    [InlineData("1234567")]
    [InlineData("x")]
    [InlineData("password")]
    [InlineData("qwertyuiop")]
    [Covers(702)]
    public async Task Without_the_filter_eight_characters_are_needed_that_not_everyone_uses(string password)
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        (await app.Signup("ann@example.com", password)).ShouldFailWith(702);
        (await app.Signup("ann@example.com", new string('x', 257))).ShouldFailWith(702);
    }

    [Theory]
    [InlineData("🗝️", 4, 200)] // two code points each
    [InlineData("🔑", 7, 702)]
    [InlineData("🔑", 8, 200)]
    [InlineData("🔑", 256, 200)]
    [InlineData("🔑", 257, 702)]
    [InlineData("e\u0301", 256, 200)]
    [InlineData("e\u0301", 7, 702)]
    public async Task Characters_are_code_points_in_their_composed_form(string character, int times, int answer)
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var reply = await app.Signup("ann@example.com", string.Concat(Enumerable.Repeat(character, times)));
        (reply.Code ?? 200).ShouldBe(answer, reply.Text);
    }

    [Theory]
    [InlineData("passwordFormat=md5")]
    [InlineData("passwordFormat=both")]
    public async Task A_common_password_that_comes_hashed_is_invalid_data(string format)
    {
        var common = RawPassword.Md5("password");
        var app = await servers.Main.CreateApp("signupFlow=none", format);
        (await app.Signup("ann@example.com", common)).ShouldFailWith(602);
        var ann = await app.CreateUser("ann@example.com", RawPassword.Md5(App.Password));
        (await ann.Post("changePassword", new { password = RawPassword.Md5(App.Password), newPassword = common })).ShouldFailWith(602);
        (await app.InviteByServer("bob@example.com")).ShouldBeTrue();
        (await app.Register("bob@example.com", await app.LastCodeFor("bob@example.com"), common)).ShouldFailWith(602);
        (await app.ForgotPassword("ann@example.com")).ShouldBeTrue();
        (await app.ResetPassword("ann@example.com", await app.LastCodeFor("ann@example.com"), common)).ShouldFailWith(602);
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = "eve@example.com", password = common })).ShouldFailWith(602);
    }

    [Fact]
    public async Task An_application_may_do_without_the_block_list()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "blockCommonPasswords=0");
        await app.CreateUser("ann@example.com", "password");
        await app.CreateUser("bob@example.com", RawPassword.Md5("qwertyuiop"));
        (await app.Signup("eve@example.com", "x")).ShouldFailWith(702);
    }

    [Fact]
    public async Task A_person_who_types_a_common_password_is_told_why_it_is_refused()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "passwordFormat=md5");
        using var editor = await PortalVisitor.Member(app, "editor");
        var page = await editor.Submit(
            $"/portal/applications/{app.Id}/users/new",
            "user",
            ("handle", "ann@example.com"),
            ("locale", "EN"),
            ("password", "password")
        );
        page.Text(".error").ShouldContain("a password that everyone uses");
    }

    [Theory]
    [InlineData("Aa1!aaaaa", 200)]
    [InlineData("ÄÖü1é!aaa", 200)]
    [InlineData("Aa1!aaaa", 702)]
    [InlineData("aaa1!aaaaa", 702)]
    [InlineData("AAA1!AAAAA", 702)]
    [InlineData("Aaaa!aaaaa", 702)]
    [InlineData("Aa1aaaaaaa", 702)]
    [InlineData("Aa1 aaaaaa", 702)]
    public async Task The_filter_counts_each_class_of_characters(string password, int answer)
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "passwordFilter=1", "passwordMinLength=9");
        var reply = await app.Signup("ann@example.com", password);
        (reply.Code ?? 200).ShouldBe(answer, reply.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("passwordFilter=1")]
    [InlineData("passwordFilter=1", "passwordMinLength=128")]
    [InlineData(
        "passwordFilter=1",
        "passwordMinUpper=32",
        "passwordMinLower=32",
        "passwordMinDigit=32",
        "passwordMinSpecial=32",
        "passwordMinLength=128"
    )]
    [InlineData("passwordFilter=1", "passwordMinUpper=0", "passwordMinSpecial=7", "passwordFormat=md5")]
    public async Task A_password_that_is_made_up_meets_whatever_the_application_asks_for(params string[] settings)
    {
        var app = await servers.Main.CreateApp(["signupFlow=none", .. settings.Where(setting => setting.Length > 0)]);
        using var editor = await PortalVisitor.Member(app, "editor");
        var added = await editor.SubmitAndFollow(
            $"/portal/applications/{app.Id}/users/new",
            "user",
            ("handle", "ann@example.com"),
            ("locale", "EN")
        );
        await Opens(added.Text("#copy-password"));
        var user = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id });
        await Opens((await editor.SubmitAndFollow($"/portal/applications/{app.Id}/users/{user}/password", "set")).Text("#copy-password"));
        await Opens(
            (await app.Installation.Run("user", "reset-password", app.Id, "ann@example.com", "--random")).ShouldSucceed().Output.Trim()
        );

        async Task Opens(string password) =>
            await app.Login("ann@example.com", settings.Contains("passwordFormat=md5") ? RawPassword.Md5(password) : password);
    }

    [Fact]
    public async Task The_filter_leaves_hashed_passwords_to_the_sdk()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "passwordFilter=1");
        (await app.Signup("ann@example.com", "47b7bfb65fa83ac9a71dcb0f6296bb6e")).ShouldBeOk();
    }
}
