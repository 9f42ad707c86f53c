using Latchkey.Users.Passwords;

namespace Latchkey.Tests.Users.Passwords;

/// <summary>The MD5 hex of the SDKs, the password itself, or either.</summary>
public sealed class PasswordFormatTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Plain = "Zürich im Winter";
    private static readonly string Hashed = RawPassword.Md5(Plain);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_both_the_two_forms_of_a_password_are_one(bool signsUpHashed)
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann, signsUpHashed ? Hashed : Plain);
        (await app.TryLogin(Ann, Plain)).ShouldBeOk();
        (await app.TryLogin(Ann, Hashed)).ShouldBeOk();
        (await app.TryLogin(Ann, Hashed.ToUpperInvariant())).ShouldFailWith(600);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("a long and plain password")]
    [InlineData("47B7BFB65FA83AC9A71DCB0F6296BB6E")]
    [InlineData("47b7bfb65fa83ac9a71dcb0f6296bb6")]
    [InlineData("47b7bfb65fa83ac9a71dcb0f6296bb6g")]
    public async Task In_md5_only_32_lower_case_hex_digits_are_set(string password)
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "passwordFormat=md5");
        (await app.Signup(Ann, password)).ShouldFailWith(602);
        var bob = await app.CreateUser("bob@example.com", Hashed);
        (await bob.Post("changePassword", new { password = Hashed, newPassword = password })).ShouldFailWith(602);
        (await app.TryLogin("bob@example.com", password)).ShouldFailWith(600);
    }

    [Fact]
    public async Task In_plain_nothing_is_hashed_before()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "passwordFormat=plain");
        await app.CreateUser(Ann, Plain);
        (await app.TryLogin(Ann, Hashed)).ShouldFailWith(600);
        await app.CreateUser("bob@example.com", Hashed);
        (await app.TryLogin("bob@example.com", Hashed)).ShouldBeOk();
        (await app.TryLogin("bob@example.com", Plain)).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_changed_format_breaks_nobody()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann, Plain);
        await app.Set("passwordFormat=plain");
        await app.CreateUser("bob@example.com", Plain);
        (await app.TryLogin(Ann, Plain)).ShouldBeOk();
        await app.Set("passwordFormat=md5");
        (await app.TryLogin(Ann, Hashed)).ShouldBeOk();
        (await app.TryLogin("bob@example.com", Plain)).ShouldBeOk();
    }

    [Fact]
    public async Task A_password_is_the_same_in_every_composition_of_its_characters()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann, Plain.Normalize(System.Text.NormalizationForm.FormD));
        (await app.TryLogin(Ann, Plain.Normalize(System.Text.NormalizationForm.FormC))).ShouldBeOk();
    }

    [Fact]
    public async Task A_password_of_a_mebibyte_is_refused_at_once()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var times = new List<double>();
        for (var i = 0; i < 21; i++)
        {
            var request = servers.Main.Request(HttpMethod.Post, "/api/appuser/signup", ("app-token", app.Token));
            request.Content = new StringContent(
                $$"""{"handle":"{{Ann}}","password":"{{new string('x', 1024 * 1024)}}"}""",
                System.Text.Encoding.UTF8,
                "application/json"
            );
            request.Headers.ExpectContinue = true;
            var watch = System.Diagnostics.Stopwatch.StartNew();
            (await servers.Main.Send(request)).ShouldFailWith(602, System.Net.HttpStatusCode.RequestEntityTooLarge);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        var median = times.Order().ElementAt(times.Count / 2);
        median.ShouldBeLessThan(TestScale.IsLong ? 50 : 1_000);
        TestScale.RecordFigure(9, $"1 MiB refused in {median:0.0} ms");
    }

    [Fact]
    public async Task No_character_of_a_long_password_is_cut_off()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "passwordFormat=plain");
        var password = string.Concat(Enumerable.Range(0, 256).Select(i => (char)('a' + (i * 7 % 26))));
        await app.CreateUser(Ann, password);
        foreach (var changed in new[] { 72, 255 })
        {
            (await app.TryLogin(Ann, password.Remove(changed, 1).Insert(changed, "!"))).ShouldFailWith(600);
        }

        (await app.TryLogin(Ann, password)).ShouldBeOk();
    }
}
