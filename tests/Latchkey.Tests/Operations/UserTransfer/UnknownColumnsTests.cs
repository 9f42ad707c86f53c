using System.Text;

namespace Latchkey.Tests.Operations.UserTransfer;

/// <summary>Columns and properties that no field is for: named all at once, with options that can be pasted.</summary>
public sealed class UnknownColumnsTests(ServerFixture servers)
{
    [Theory]
    [InlineData("users.csv", "handle,Full Name,it's,$HOME,a=b,@file,-x,né\nann@example.com,Ann,1,2,3,4,5,6\n")]
    [InlineData(
        "users.json",
        """[{"handle":"ann@example.com","Full Name":"Ann","it's":1,"$HOME":2,"a=b":3},{"handle":"bob@example.com","@file":[4],"-x":{"y":5},"né":null}]"""
    )]
    public async Task They_are_named_at_once_and_the_proposed_options_work_in_a_shell(string name, string text)
    {
        var app = await servers.Main.CreateApp();
        var refused = await app.Import(name, text);
        refused.ShouldFail("Full Name, it's, $HOME, a=b, @file, -x, né");
        (await app.Users()).ShouldBe(0);
        await app.PasteImport(name, refused.ProposedOptions());
        (await app.Users()).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_name_moves_no_cursor_of_the_terminal_and_pastes_all_the_same()
    {
        var app = await servers.Main.CreateApp();
        var refused = await app.Import("users.csv", "handle,\"red\u001B[31m\u009B\u202E\nname\"\nann@example.com,x\n");
        refused.ShouldFail(@"red\u001b[31m\u009b\u202e\u000aname");
        refused.Error.ShouldNotContain("\u001B");
        await app.PasteImport("users.csv", refused.ProposedOptions());
        (await app.Users()).ShouldBe(1);
    }

    [Fact]
    public async Task All_can_be_left_out_with_one_option_which_says_what_they_were()
    {
        var app = await servers.Main.CreateApp();
        var printed = (await app.Import("users.csv", "handle,city,zip\nann@example.com,Rome,1\n", "--ignore-unknown")).ShouldSucceed();
        printed.Error.ShouldContain("ignored: city, zip");
        (await app.Users()).ShouldBe(1);
    }

    [Fact]
    public async Task A_property_that_only_a_late_user_has_is_named_before_anybody_comes_in()
    {
        var app = await servers.Main.CreateApp();
        var lines = new StringBuilder();
        for (var i = 0; i < 5000; i++)
        {
            lines.Append($"{{\"handle\":\"u{i}@example.com\"}}\n");
        }

        var refused = await app.Import("users.jsonl", $"{lines}{{\"handle\":\"late@example.com\",\"shoe size\":44}}\n");
        (refused.ExitCode, refused.Error).ShouldBe((1, refused.Error));
        refused.Error.ShouldContain("There is no field for these columns: shoe size.");
        (await app.Users()).ShouldBe(0);
        await app.PasteImport("users.jsonl", refused.ProposedOptions());
        (await app.Users()).ShouldBe(5001);
    }

    [Fact]
    public async Task A_path_into_JSON_is_mapped_like_a_column()
    {
        var app = await servers.Main.CreateApp();
        (
            await app.Import(
                "users.json",
                """
                [{"profile":{"mails":[{"at":"ann@example.com"},{"at":"second@example.com"}],"nick":"ann","town":"Rome"},
                  "flags":["x",{"off":true}],"about":{"zip":{"a":1},"tags":["x"]}}]
                """,
                "--map",
                "profile.mails.at=handle",
                "--map",
                "profile.nick=userName",
                "--map",
                "flags.1.off=blocked",
                "--map",
                "about=metaData.about"
            )
        ).ShouldSucceed().Error.ShouldContain("ignored: profile.town");
        var ann = (await app.Installation.Run("user", "show", app.Id, "ann@example.com", "--json")).ShouldSucceed().Json;
        (ann.GetProperty("userName").GetString(), ann.GetProperty("status").GetString()).ShouldBe(("ann", "suspend"));
        (await app.Installation.Query<string>("SELECT metadata FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(
            """{"about.zip.a":"1"}"""
        );
    }

    [Fact]
    public async Task A_path_into_a_cell_that_holds_JSON_is_mapped_too()
    {
        var app = await servers.Main.CreateApp();
        const string text = "who,x\n\"{\"\"mail\"\":\"\"ann@example.com\"\"}\",1\n";
        (await app.Import("users.csv", text, "--map", "who.mail=handle", "--map", "x=")).ShouldSucceed();
        (await app.Users()).ShouldBe(1);
    }

    [Theory]
    [InlineData("users.csv", "E-Mail-Adresse;Ort\nann@example.com;Rom\n", "E-Mail-Adresse")]
    [InlineData("users.json", """[{"kontakt":{"adressen":[{"elektronisch":"ann@example.com"}]}}]""", "kontakt.adressen.elektronisch")]
    public async Task Where_no_name_is_the_handles_the_column_with_addresses_is_proposed(string name, string text, string column)
    {
        var app = await servers.Main.CreateApp();
        var refused = await app.Import(name, text);
        refused.ShouldFail($"No column is named handle, but {column} has e-mail addresses");
        await app.PasteImport(name, refused.ProposedOptions());
        (await app.Users()).ShouldBe(1);
    }

    [Fact]
    public async Task Of_columns_that_say_the_same_the_best_counts()
    {
        var app = await servers.Main.CreateApp();
        // Supabase: confirmed_at is also set when only the number was confirmed
        var printed = (
            await app.Import("users.csv", "email,confirmed_at,email_confirmed_at\nann@example.com,2024-01-31 12:00:00+00,\n")
        ).ShouldSucceed();
        printed.Error.ShouldContain("email=handle, email_confirmed_at=emailVerified");
        printed.Error.ShouldContain("ignored: confirmed_at");
        (await app.Installation.Query<bool>("SELECT email_verified FROM users WHERE app_id = @Id", new { app.Id })).ShouldBeFalse();
        (await app.Import("two.csv", "email,E-Mail\na@example.com,b@example.com\n")).ShouldFail(
            "Two columns of the file are mapped to handle"
        );
    }
}
