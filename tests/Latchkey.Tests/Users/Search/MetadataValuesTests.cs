using Dapper;
using Latchkey.Data;
using Latchkey.Users;

namespace Latchkey.Tests.Users.Search;

/// <summary>The index of metadata holds what users have, whoever writes them.</summary>
public sealed class MetadataValuesTests(ServerFixture servers)
{
    private const string Handle = "anna@example.com";

    private sealed record ValueRow(string AppId, string Path, string Value, long CreatedAt, string UserId);

    [Fact]
    public async Task Every_way_of_writing_users_keeps_the_index()
    {
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateApp(
            "signupFlow=none",
            "anonymousLoginEnabled=1",
            "invitationEnabled=1",
            """metaData=[{"path":"user_data.club","fieldName":"club"},{"path":"note","fieldName":"note"}]""",
            """metaDataInvite=[{"path":"team","fieldName":"team"}]"""
        );

        // Signup, and what a user, a server and an import change
        var anna = await app.CreateUser(Handle, metaData: """{"user_data":{"club":"Kiel"}}""");
        await Check(app, "note=; team=; user_data.club=kiel");
        (await anna.Post("setUserMetadata", new { metaData = """{"user_data":{"club":"FC KÖLN"},"note":"a"}""" })).ShouldBeTrue();
        await Check(app, "note=a; team=; user_data.club=fc kÖln");
        (await app.SendAsServer(HttpMethod.Post, $"users/{Handle}/metaData", new { metaData = """{"note":"b"}""" })).ShouldBeTrue();
        await Check(app, "note=b; team=; user_data.club=");
        await Import(
            app,
            $$$"""{"handle":"{{{Handle}}}","metaData":{"note":"c"},"createdAt":"2020-01-01T00:00:00Z"}""",
            "--on-conflict",
            "update"
        );
        await Check(app, "note=c; team=; user_data.club=");
        await Import(app, """{"handle":"ben@example.com","metaData":{"note":"C"},"inviteMetaData":{"team":"Red"}}""");
        await Check(app, "note=c,c; team=red; user_data.club=");

        // An invitation, an anonymous user who signs up, and deletions
        (
            await app.SendAsServer(HttpMethod.Post, "invite", new { handle = "cara@example.com", metaData = """{"team":"Blue"}""" })
        ).ShouldBeTrue();
        var code = await app.LastCodeFor("cara@example.com");
        (
            await app.Post(
                "register",
                new
                {
                    handle = "cara@example.com",
                    password = App.Password,
                    code,
                    metaData = """{"note":"d"}""",
                }
            )
        ).ShouldBeOk();
        await Check(app, "note=c,c,d; team=blue,red; user_data.club=");
        var shade = await app.LoginAnonymous("ANON_shade");
        (await shade.Post("setUserMetadata", new { metaData = """{"note":"e"}""" })).ShouldBeTrue();
        await Check(app, "note=c,c,d,e; team=blue,red; user_data.club=");
        (await app.Signup("shade@example.com", metaData: """{"user_data":{"club":"Bonn"}}""", upgrading: shade)).ShouldBeOk();
        await Check(app, "note=c,c,d,e; team=blue,red; user_data.club=bonn");
        (await app.SendAsServer(HttpMethod.Delete, "users/cara@example.com")).ShouldBeTrue();
        await Check(app, "note=c,c,e; team=red; user_data.club=bonn");
        (await app.Installation.Run("app", "delete", app.Id, "--confirm", "Demo")).ShouldSucceed();
        (await Rows(app)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Long_and_strange_values_are_in_the_index_by_their_beginning()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", """metaData=[{"path":"note"}]""");
        var longest = new string('Ä', 1000);
        await app.CreateUser("long@example.com", metaData: $$"""{"note":"{{longest}}"}""");
        await app.CreateUser("quote@example.com", metaData: """{"note":"\"', \\ %_ 𝄞 \u0001"}""");
        (await Rows(app)).Select(row => row.Value).Order(StringComparer.Ordinal).ShouldBe(["\"', \\ %_ 𝄞 \u0001", longest[..200]]);
        await CheckAgainstUsers(app);
    }

    [Fact]
    public async Task A_damaged_document_has_no_values_and_stops_nobody()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", """metaData=[{"path":"note"}]""");
        await app.CreateUser(Handle, metaData: """{"note":"a"}""");
        await app.Installation.Execute("UPDATE users SET metadata = 'damaged' WHERE app_id = @Id", new { app.Id });
        (await Rows(app)).ShouldBeEmpty();
        (await app.SendAsServer(HttpMethod.Post, $"users/{Handle}/metaData", new { metaData = """{"note":"b"}""" })).ShouldBeTrue();
        (await Rows(app)).Single().Value.ShouldBe("b");
    }

    [Fact]
    public async Task A_backup_leaves_the_index_out_and_restoring_makes_it_again()
    {
        var server = await servers.Start();
        var app = await server.CreateApp("signupFlow=none", """metaData=[{"path":"note"}]""");
        await app.CreateUser(Handle, metaData: """{"note":"Kept"}""");
        var file = Path.Combine(server.Installation.DataFolder, "backup.zip");
        (await server.Installation.Run("backup", file, "--with-keys")).ShouldSucceed();
        var restored = await servers.NewInstallation(isEmpty: true);
        (await restored.Run("restore", file, "--trust-file")).ShouldSucceed();
        var rows = await (await restored.Get<Database>()).Read(db =>
            db.QueryAsync<(string Path, string Value)>("SELECT path, value FROM user_metadata_values")
        );
        rows.ShouldBe([("note", "kept")]);
    }

    private static async Task Import(App app, string line, params string[] more)
    {
        var file = Path.Combine(app.Installation.DataFolder, $"{Guid.CreateVersion7():N}.jsonl");
        await File.WriteAllTextAsync(file, line);
        (await app.Installation.Run(["user", "import", app.Id, file, .. more])).ShouldSucceed();
    }

    private static async Task Check(App app, string expected)
    {
        var rows = await Rows(app);
        string Values(string path) =>
            string.Join(',', rows.Where(row => row.Path == path).Select(row => row.Value).Order(StringComparer.Ordinal));
        $"note={Values("note")}; team={Values("team")}; user_data.club={Values("user_data.club")}".ShouldBe(expected);
        await CheckAgainstUsers(app);
    }

    /// <summary>Each value of each user once, and nothing else.</summary>
    private static async Task CheckAgainstUsers(App app)
    {
        var database = await app.Installation.Get<Database>();
        var users = await database.Read(db =>
            db.QueryAsync<User>($"SELECT {UserStore.Columns} FROM users u WHERE u.app_id = @Id", new { app.Id })
        );
        var expected = users.SelectMany(user =>
            Metadata
                .Read(user.Metadata)
                .Concat(Metadata.Read(user.InviteMetadata))
                .Select(value => new ValueRow(user.AppId, value.Key, Folded(value.Value), user.CreatedAt, user.Id))
                .Distinct()
        );
        (await Rows(app)).ShouldBe(expected, ignoreOrder: true);
    }

    private static string Folded(string value) =>
        string.Concat(
            value
                .EnumerateRunes()
                .Take(200)
                .Select(rune => rune is { IsAscii: true } ? rune.ToString().ToLowerInvariant() : rune.ToString())
        );

    private static async Task<IReadOnlyList<ValueRow>> Rows(App app) =>
        [
            .. await (await app.Installation.Get<Database>()).Read(db =>
                db.QueryAsync<ValueRow>(
                    "SELECT app_id, path, value, created_at, user_id FROM user_metadata_values WHERE app_id = @Id",
                    new { app.Id }
                )
            ),
        ];
}
