using System.Text.Json;
using Dapper;
using Latchkey.Data;
using Latchkey.Users;

namespace Latchkey.Tests.Users.Search;

/// <summary>Whom each filter finds: in the list of the portal, through the server API and by the command, of one application only.</summary>
public sealed class UserConditionTests(ServerFixture servers) : IAsyncLifetime
{
    private const string Fields = """metaData=[{"path":"user_data.club","fieldName":"club"},{"path":"note","fieldName":"note"}]""";

    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private App app = null!;
    private App other = null!;

    public async ValueTask InitializeAsync()
    {
        app = await MakeApp();
        other = await MakeApp();
        foreach (var one in new[] { app, other })
        {
            await Add(
                one,
                "anna@club.example",
                club: "Kiel",
                created: "2026-01-15",
                login: 1,
                edit: user => user with { UserName = "anna_k" }
            );
            await Add(
                one,
                "bob@club.example",
                club: "FC Kiel",
                created: "2026-02-15",
                login: 40,
                edit: user => user with { FailedLogins = 5 }
            );
            await Add(
                one,
                "cleo@müller.example",
                club: "Österreich",
                created: "2025-05-15",
                edit: user => user with { EmailVerified = false }
            );
            await Add(
                one,
                "dora@percent.example",
                club: "100%_sure'; DROP TABLE users; --",
                created: "2025-06-15",
                login: 200,
                edit: user => user with { Status = UserStatus.Suspended, Phone = "+4915112345678", TwoFactorPhone = true }
            );
            await Add(
                one,
                "emil@club.example",
                club: "Berlin",
                created: "2024-12-31",
                edit: user => user with { Origin = UserOrigin.Import, LoginProvider = SocialProvider.Google, TwoFactorGoogle = true }
            );
            await Add(
                one,
                "fay@club.example",
                created: "2026-03-01",
                edit: user =>
                    user with
                    {
                        Origin = UserOrigin.Invitation,
                        InviteMetadata = """{"team":"Red","note":"from the invitation"}""",
                        UserName = "fay*star",
                    }
            );
            await Add(
                one,
                "ANON_secret",
                club: "Kiel",
                created: "2026-03-02",
                edit: user => user with { Anonymous = true, UserName = "shade" }
            );
        }

        await app.Installation.Execute("UPDATE users SET passkey_count = 2 WHERE handle = 'fay@club.example'");
        await app.Installation.Execute("UPDATE users SET failed_codes = 50 WHERE handle = 'emil@club.example'");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static TheoryData<string, string> Searches =>
        new()
        {
            { "", "anna bob cleo dora emil fay" },
            { "status:locked", "bob emil" },
            { "status:suspended", "dora" },
            { "status:active", "anna cleo fay" },
            { "status:unverified", "cleo" },
            { "status:verified status:locked", "bob emil" },
            { "-status:suspended -status:locked", "anna cleo fay" },
            { "source:import", "emil" },
            { "source:invitation", "fay" },
            { "source:signup", "anna bob cleo dora" },
            { "-source:signup", "emil fay" },
            { "source:portal", "" },
            { "provider:google", "emil" },
            { "-provider:google status:locked", "bob" },
            { "name:anna", "anna" },
            { "name:*_k", "anna" },
            { "name:*", "anna fay" },
            { "-name:*", "bob cleo dora emil" },
            { "name:\"fay*\"", "fay" },
            { "name:_", "" },
            { "name:%", "" },
            { "email:an", "anna" },
            { "email:anna@club.example", "anna" },
            { "email:*@club.example", "anna bob emil fay" },
            { "email:*@müller.example", "cleo" },
            { "email:cleo@mü", "cleo" },
            { "email:*%*", "" },
            { "-email:*@club.example", "cleo dora" },
            { "phone:+4915112345678", "dora" },
            { "phone:+4915112345679", "" },
            { "meta.club:Kiel", "anna" },
            { "meta.user_data.club:KIEL", "anna" },
            { "meta.club:\"fc kiel\"", "bob" },
            { "meta.club:*kiel", "anna bob" },
            { "meta.club:ki*", "anna" },
            { "meta.club:f*l", "bob" },
            { "meta.club:österreich", "cleo" },
            { "meta.club:ÖSTER*", "cleo" },
            { "meta.club:*öster*", "cleo" },
            { "meta.club:%", "" },
            { "meta.club:*%_sure*", "dora" },
            { "meta.club:\"100%_sure'; DROP TABLE users; --\"", "dora" },
            { "meta.club:*\\*", "" },
            { "meta.club:*", "anna bob cleo dora emil" },
            { "-meta.club:*", "fay" },
            { "-meta.club:Kiel", "bob cleo dora emil fay" },
            { "meta.team:red", "fay" },
            { "meta.note:*invitation", "fay" },
            { "meta.club:Kiel meta.team:red", "" },
            { "meta.club:*kiel status:locked", "bob" },
            { "last:never", "cleo emil fay" },
            { "-last:never", "anna bob dora" },
            { "last:<30d", "anna" },
            { "last:>30d", "bob dora" },
            { "last:>30d last:<90d", "bob" },
            { "-last:<30d", "bob cleo dora emil fay" },
            { "created:>2026-01", "anna bob fay" },
            { "created:<2025-06-01", "cleo emil" },
            { "created:2026-02", "bob" },
            { "created:2025", "cleo dora" },
            { "created:2024-12-31", "emil" },
            { "-created:2025", "anna bob emil fay" },
            { "created:>2026-01 source:invitation", "fay" },
            { "factor:yes", "dora emil" },
            { "factor:no", "anna bob cleo fay" },
            { "passkey:yes", "fay" },
            { "-passkey:yes factor:yes", "dora emil" },
            { "club", "anna bob emil fay" },
            { "club status:locked", "bob emil" },
            { "club kiel", "" },
            { "club ann", "anna" },
            { "an*example", "anna" },
            { "status:locked source:import provider:google meta.club:berlin last:never created:2024 factor:yes", "emil" },
            { "source:anonymous", "ANON_secret" },
            { "source:anonymous meta.club:kiel", "ANON_secret" },
            { "source:anonymous shade", "ANON_secret" },
            { "source:anonymous secret", "" },
            { "source:anonymous meta.club:berlin", "" },
        };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_filter_finds_the_same_users_by_the_portal_the_server_api_and_in_every_order(string search, string names)
    {
        var expected = names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var q = Uri.EscapeDataString(search);
        var ofApi = (await app.SendAsServer(HttpMethod.Get, $"users?q={(search.Length == 0 ? "-source:server" : q)}")).ShouldBeOk().Json;
        Names(ofApi).Order(StringComparer.Ordinal).ToArray().ShouldBe(expected, customMessage: "server API");

        using var viewer = await PortalVisitor.Member(app, "viewer");
        var isAnonymous = search.StartsWith("source:anonymous", StringComparison.Ordinal);
        foreach (var sort in new[] { "", "created", "-lastLogin", "lastLogin", "handle" })
        {
            var address = $"/portal/applications/{app.Id}/users";
            var page = await viewer.Get($"{address}?q={q}&sort={sort}");
            if (isAnonymous)
            {
                page = await viewer.Get(page.Location);
                page.Document.QuerySelectorAll("table.users tbody tr").Length.ShouldBe(expected.Length, $"page {sort}");
                continue;
            }

            page.Document.QuerySelectorAll("table.users tbody th a[href*='/users/']")
                .Select(link => link.TextContent.Trim())
                .Where(text => text.Contains('@', StringComparison.Ordinal))
                .Select(text => text.Split('@')[0])
                .Order(StringComparer.Ordinal)
                .ToArray()
                .ShouldBe(expected, customMessage: $"page {sort}");
            page.Document.QuerySelector("#search")!.GetAttribute("value").ShouldBe(search);
        }
    }

    [Fact]
    public async Task The_id_of_another_applications_user_finds_nobody()
    {
        var ids = await app.Installation.Query<string>(
            "SELECT id FROM users WHERE app_id = @Id AND handle = 'bob@club.example'",
            new { other.Id }
        );
        Names((await app.SendAsServer(HttpMethod.Get, $"users?q=id:{ids}")).ShouldBeOk().Json).ShouldBeEmpty();
        Names((await other.SendAsServer(HttpMethod.Get, $"users?q=id:{ids}")).ShouldBeOk().Json).ShouldBe(["bob"]);
    }

    [Theory]
    [InlineData("status:lockd", "Possible are active, locked")]
    [InlineData("meta.x:y", "Possible are meta.user_data.club, meta.note, meta.team.")]
    [InlineData("anna \"", "are not closed")]
    public async Task A_mistake_is_said_and_no_list_is_shown(string search, string message)
    {
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = await viewer.Get($"/portal/applications/{app.Id}/users?q={Uri.EscapeDataString(search)}");
        page.Text("[role=alert]").ShouldContain(message);
        page.Document.QuerySelectorAll("table.users").ShouldBeEmpty();
        var refused = await app.SendAsServer(HttpMethod.Get, $"users?q={Uri.EscapeDataString(search)}");
        refused.ShouldFailWith(602);
        refused.Json.GetProperty("message").GetString()!.ShouldContain(message);
        (await app.Installation.Run("user", "list", app.Id, "--query", search)).ShouldFail(message);
    }

    [Fact]
    public async Task The_command_lists_whom_a_query_finds()
    {
        var listed = (await app.Installation.Run("user", "list", app.Id, "--query", "status:locked", "--json")).ShouldSucceed().Json;
        listed.EnumerateArray().Select(user => user.GetProperty("handle").GetString()).ShouldBe(["bob@club.example", "emil@club.example"]);
        (await app.Installation.Run("user", "list", app.Id, "--query", "x", "--search", "y")).ShouldFail("not both");
    }

    [Fact]
    public async Task The_server_api_pages_through_a_search_and_takes_no_second_one()
    {
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = (await app.SendAsServer(HttpMethod.Get, $"users?q=-status:suspended&limit=2&cursor={cursor}")).ShouldBeOk().Json;
            seen.AddRange(Names(page));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() ?? "" : "";
        } while (cursor.Length > 0);
        seen.ShouldBe(["fay", "bob", "anna", "cleo", "emil"]);
        (await app.SendAsServer(HttpMethod.Get, "users?q=anna&search=anna")).ShouldFailWith(602);
        (await app.SendAsServer(HttpMethod.Get, "users?q=anna&status=active")).ShouldFailWith(602);
    }

    [Fact]
    public async Task Addresses_of_before_still_search()
    {
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = await viewer.Get($"/portal/applications/{app.Id}/users?search=club&status=locked&source=import&provider=google");
        page.Document.QuerySelector("#search")!.GetAttribute("value").ShouldBe("club status:locked source:import provider:google");
        page.Text("table.users tbody").ShouldContain("emil@club.example");
        page.Document.QuerySelectorAll("table.users tbody tr").Length.ShouldBe(1);
    }

    [Fact]
    public async Task The_help_has_the_applications_own_fields_and_each_example_is_understood()
    {
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = await viewer.Get($"/portal/applications/{app.Id}/users");
        var examples = page.Document.QuerySelectorAll(".search-help dt a").Select(link => link.GetAttribute("href")!).ToList();
        page.Text(".search-help dt a").ShouldContain("meta.user_data.club:Kiel");
        page.Text(".search-help dt a").ShouldContain("meta.team:*");
        examples.Count.ShouldBeGreaterThan(10);
        foreach (var example in examples)
        {
            (await viewer.Get(example)).Document.QuerySelectorAll("[role=alert]").ShouldBeEmpty(example);
        }
    }

    private async Task<App> MakeApp() =>
        await (await servers.Unlimited()).CreateApp(
            Fields,
            """metaDataInvite=[{"path":"team","fieldName":"team"}]""",
            "maxLoginAttempts=5"
        );

    private static async Task Add(
        App app,
        string handle,
        string club = "",
        string created = "",
        int login = 0,
        Func<User, User>? edit = null
    )
    {
        var user = new User
        {
            Id = Guid.CreateVersion7().ToString(),
            AppId = app.Id,
            Handle = handle,
            Origin = UserOrigin.Signup,
            EmailVerified = true,
            Metadata = club.Length == 0 ? "{}" : Metadata.Write(new Dictionary<string, string> { ["user_data.club"] = club }),
            CreatedAt = DateTimeOffset.Parse($"{created}T12:00Z", null).ToUnixTimeMilliseconds(),
            LastLoginAt = login == 0 ? null : Now - (login * 86_400_000L),
        };
        var (database, users) = (await app.Installation.Get<Database>(), await app.Installation.Get<UserStore>());
        await database.Write(async db => (await users.Insert(db, edit?.Invoke(user) ?? user)).ShouldBeTrue(handle));
    }

    private static string[] Names(JsonElement page) =>
        [.. page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("handle").GetString()!.Split('@')[0])];
}
