namespace Latchkey.Tests.Tenancy;

/// <summary>Refusals that cost nothing (606: user names are off), each of another name, fill no log.</summary>
public sealed class RejectionLogTests(ServerFixture servers)
{
    private const string MoreLeftOut = "more of these were left out";

    [Fact]
    public async Task One_network_writes_thirty_lines_a_minute_of_a_function_and_one_that_says_there_were_more()
    {
        var app = await servers.Main.CreateApp("callsPerSecond=100000");
        (await AppFlows.SendInParallel(40, i => app.ForgotPassword($"annie{i}"))).ShouldAllBe(reply => reply.Code == 606);
        (await Lines(app)).ShouldBe(31);
        (await Lines(app, MoreLeftOut)).ShouldBe(1);

        (await app.WithAddress("127.81.0.1").ForgotPassword("annie")).ShouldFailWith(606);
        (await app.TryLogin("annie")).ShouldFailWith(606);
        (await Lines(app)).ShouldBe(33);
    }

    [Fact]
    public async Task All_networks_together_write_a_thousand_lines_a_minute_of_one_application()
    {
        var (app, other) = (await servers.Main.CreateApp("callsPerSecond=100000"), await servers.Main.CreateApp());
        await Parallel.ForAsync(
            0,
            1040,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) => (await app.WithAddress(Clients.Address(82, i % 40)).ForgotPassword($"annie{i}")).ShouldFailWith(606)
        );
        (await Lines(app)).ShouldBe(1001);
        (await Lines(app, MoreLeftOut)).ShouldBe(1);
        (await other.ForgotPassword("annie")).ShouldFailWith(606);
        (await Lines(other)).ShouldBe(1);
    }

    [Theory]
    [InlineData("userNamesEnabled=0")]
    [InlineData("userNamesEnabled=1")]
    [InlineData("userNamesEnabled=1", "hideAccountExistence=1")]
    public async Task A_password_that_was_typed_into_the_handle_field_stands_nowhere(params string[] settings)
    {
        var server = await servers.Unlimited();
        var app = await server.CreateApp(settings);
        string[] typed =
        [
            "Correct Horse 9!",
            "P@ssw0rd-Nine",
            "p@ss word.nine",
            "Gr\u00FCn-Wald-9",
            "nine@",
            "@nine.horse",
            $"long-{new string('9', 70)}",
        ];
        foreach (var password in typed)
        {
            (await app.TryLogin(password)).Code.ShouldBeOneOf(600, 602, 606);
            (await app.ForgotPassword(password)).Code.ShouldBeOneOf(null, 602, 603, 606);
            (await app.ResetPassword(password, "123456")).Code.ShouldBeOneOf(602, 606);
            (await app.Register(password, "123456")).ShouldFailWith(602);
            (await app.Complete(password, "123456")).ShouldFailWith(602);
            (
                await app.Post(
                    "socialSignup",
                    new
                    {
                        provider = "google",
                        token = "x",
                        handle = password,
                    }
                )
            ).Code.ShouldBeOneOf(602, 416);
            (await app.SendAsServer(HttpMethod.Get, $"users/{Uri.EscapeDataString(password)}")).Code.ShouldBe(603);
        }

        var logged = await app.Installation.Query<string>(
            $"SELECT {(Engine.IsPostgres ? "STRING_AGG" : "GROUP_CONCAT")}(handle || ' ' || detail, ' ') FROM audit WHERE app_id = @Id",
            new { app.Id }
        );
        var everything = logged + string.Join('\n', server.Log);
        typed.Where(password => everything.Contains(password.Trim(), StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_an_address_or_could_be_a_user_name_is_logged()
    {
        var app = await (await servers.Unlimited()).CreateApp("userNamesEnabled=1");
        foreach (var typed in new[] { " Ann@Example.com", "max@müller.example", "Annie.9", "ANON_abc" })
        {
            (await app.TryLogin(typed)).ShouldFailWith(600);
        }

        var logged = await app.Installation.Query<string>(
            $"SELECT {(Engine.IsPostgres ? "STRING_AGG" : "GROUP_CONCAT")}(handle, ' ') FROM audit WHERE app_id = @Id AND action = 'login'",
            new { app.Id }
        );
        foreach (var shown in new[] { "ann@example.com", "max@müller.example", "annie.9", "ANON_…" })
        {
            logged.ShouldContain(shown, Case.Sensitive);
        }

        logged.ShouldNotContain("ANON_abc");
    }

    private static Task<long> Lines(App app, string detail = "") =>
        app.Installation.Query<long>(
            "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND code = 606 AND (@detail = '' OR detail = @detail)",
            new { app.Id, detail }
        );
}
