namespace Latchkey.Tests.Operations.UserTransfer;

/// <summary>What a user cannot keep is left out with a note; the user comes in.</summary>
public sealed class LeftOutValuesTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Lists_and_odd_names_of_metadata_are_left_out()
    {
        var app = await servers.Main.CreateApp();
        var printed = (
            await app.Import(
                "users.json",
                """
                [{"handle":"ann@example.com","metaData":{"roles":["admin"],"first name":"Ann","a":{"b":[1],"ok":"yes"},"half":"\ud800","plan":"gold"}},
                 {"handle":"bob@example.com","metaData":["x"]},
                 {"handle":"cid@example.com","metaData":{"roles":[]}}]
                """
            )
        ).ShouldSucceed();
        (
            await app.Installation.Query<string>("SELECT metadata FROM users WHERE app_id = @Id AND handle = @Ann", new { app.Id, Ann })
        ).ShouldBe("""{"a.ok":"yes","plan":"gold"}""");
        (await app.Users()).ShouldBe(3);
        printed.Error.ShouldContain("2 rows, the first at line 1: metaData.roles is omitted: it is a list");
        foreach (var leftOut in new[] { "metaData.first name", "metaData.a.b", "metaData.half", "metaData is omitted" })
        {
            printed.Error.ShouldContain(leftOut);
        }
    }

    [Fact]
    public async Task A_value_that_does_not_fit_costs_itself_alone()
    {
        var app = await servers.Main.CreateApp("userNamesEnabled=1");
        var printed = (
            await app.Import(
                "users.csv",
                $"""
                id,handle,userName,locale,phone,loginProvider,providerSubject
                17,{Ann},Ann Smith,XX,12,facebook,f-1
                """
            )
        ).ShouldSucceed();
        foreach (var field in new[] { "id", "userName", "locale", "phone", "loginProvider", "providerSubject" })
        {
            printed.Error.ShouldContain($"{field} is omitted: ");
        }

        var ann = (await app.Installation.Run("user", "show", app.Id, Ann, "--json")).ShouldSucceed().Json;
        Guid.TryParse(ann.GetProperty("id").GetString(), out _).ShouldBeTrue();
        ann.GetProperty("loginProvider").GetString().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hash_of_an_unknown_kind_is_left_out_and_an_update_keeps_the_password_that_is_there()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        var text = $"handle,password\n{Ann},$P$BLYaqYuZGJc8hqfFsB8fGvS1GRgaF60\nbob@example.com,in-the-clear\n";
        var printed = (await app.Import("users.csv", text, "--on-conflict", "update")).ShouldSucceed();
        printed.Error.ShouldContain("it looks like phpass (WordPress)");
        printed.Error.ShouldNotContain("in-the-clear");
        (await app.TryLogin(Ann)).ShouldBeOk();
        (
            await app.Installation.Query<string>(
                "SELECT password_hash FROM users WHERE app_id = @Id AND handle = 'bob@example.com'",
                new { app.Id }
            )
        ).ShouldBeNull();
    }

    [Theory]
    [InlineData("!")]
    [InlineData("!fEhrMKO5rQq0ZXZ5Xc1u2v3w4x5y6z7A8B9C0D1E")]
    [InlineData("*")]
    public async Task A_mark_in_the_place_of_a_hash_means_no_password(string mark)
    {
        var app = await servers.Main.CreateApp();
        var printed = (await app.Import("users.csv", $"handle,password\n{Ann},{mark}\n")).ShouldSucceed();
        printed.Error.ShouldNotContain("passwordHash is omitted");
        (await app.TryLogin(Ann, mark)).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_hash_that_is_too_slow_says_which_variable_allows_it_and_how_to_do_without()
    {
        var app = await servers.Main.CreateApp();
        const string text = $"handle,pw\n{Ann},$2b$14$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n";
        var printed = await app.Import("users.csv", text, "--map", "pw=passwordHash");
        printed.Output.ShouldContain("LATCHKEY_MOST_BCRYPT_COST");
        printed.Output.ShouldContain("map their column to nothing");
        (await app.Import("users.csv", text, "--map", "pw=")).ShouldSucceed();
    }

    [Fact]
    public async Task Rows_that_are_all_bad_are_no_success()
    {
        var app = await servers.Main.CreateApp();
        const string Bad = "handle\nbad\nworse\n";
        (await app.Import("users.csv", Bad, "--skip-bad")).ExitCode.ShouldBe(1);
        var checkedOnly = await app.Import("users.csv", Bad, "--skip-bad", "--dry-run");
        checkedOnly.ExitCode.ShouldBe(1);
        checkedOnly.Output.ShouldContain("line 2: handle");
        (await app.Import("users.csv", $"{Bad}{Ann}\n", "--skip-bad", "--dry-run")).ShouldSucceed().Output.ShouldContain("line 3: handle");
        (await app.Import("users.csv", $"{Bad}{Ann}\n", "--skip-bad")).ShouldSucceed();
        (await app.Import("users.csv", $"{Bad}{Ann}\n", "--skip-bad")).ShouldSucceed(); // Ann is there already
    }
}
