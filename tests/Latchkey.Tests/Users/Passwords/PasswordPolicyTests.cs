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

    [Fact]
    public async Task A_common_password_is_refused_hashed_as_well()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "passwordFormat=md5");
        (await app.Signup("ann@example.com", RawPassword.Md5("password"))).ShouldFailWith(702);
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
