using System.Text.Json;
using Latchkey.Applications.Settings;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Search;

namespace Latchkey.Tests.Users.Administration;

/// <summary>Lists of users: complete, without doubles, in order, and of one application only.</summary>
public sealed class UserListTests(ServerFixture servers) : IAsyncLifetime
{
    private readonly string appId = $"app-{Guid.CreateVersion7():N}";
    private readonly string otherId = $"other-{Guid.CreateVersion7():N}";
    private TestInstallation installation = null!;
    private UserList lists = null!;

    public async ValueTask InitializeAsync()
    {
        installation = servers.Main.Installation;
        lists = await installation.Get<UserList>();
        await Add(
            appId,
            [
                .. Enumerable
                    .Range(0, 60)
                    .Select(i =>
                        Row(i, $"{(i % 2 == 0 ? "ann" : "bob")}.{i:00}@{(i % 3 == 0 ? "north" : "south")}.example") with
                        {
                            UserName = i % 5 == 0 ? $"name{i}" : null,
                            CreatedAt = 1000 + (i / 7),
                            LastLoginAt = i % 4 == 0 ? null : 5000 + (i / 9),
                            Status = i % 10 == 3 ? UserStatus.Suspended : UserStatus.Active,
                            Origin = i % 6 == 1 ? UserOrigin.Invitation : UserOrigin.Signup,
                            LoginProvider = i % 8 == 5 ? SocialProvider.Google : "",
                        }
                    ),
                .. Enumerable
                    .Range(100, 20)
                    .Select(i =>
                        Row(i, $"ANON_secret-{i}") with
                        {
                            Anonymous = true,
                            Origin = UserOrigin.Anonymous,
                            UserName = i == 107 ? "nobody107" : null,
                            CreatedAt = 1000 + (i / 30),
                        }
                    ),
                Row(200, "100%_sure@percent.example"),
                Row(201, "99zz@digits.example"),
            ]
        );
        await Add(otherId, [Row(300, "ann.other@north.example"), Row(301, "ANON_secret-300") with { Anonymous = true }]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static TheoryData<bool, string, string, string> Lists
    {
        get
        {
            var data = new TheoryData<bool, string, string, string>();
            foreach (var sort in UserList.AllSorts.Append(""))
            {
                data.Add(false, "", "", sort);
                data.Add(false, "", UserStatus.Suspended, sort);
                data.Add(false, "an", "", sort);
                data.Add(false, "south", UserStatus.Active, sort);
                data.Add(true, "", "", sort);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Pages_are_complete_without_doubles_and_the_same_back_as_forth(
        bool anonymous,
        string search,
        string status,
        string sort
    )
    {
        var query = Read(anonymous, search, status, sort: sort);
        var whole = (await Page(query, size: 1000)).Rows;
        whole.Count.ShouldBeGreaterThan(5);
        foreach (var size in new[] { 1, 7 })
        {
            var forth = await Forth(query, size);
            forth.Select(user => user.Id).ShouldBe(whole.Select(user => user.Id), $"forth by {size}");
            (await Back(query, size)).Select(user => user.Id).ShouldBe(whole.Select(user => user.Id), $"back by {size}");
        }
    }

    [Fact]
    public async Task Sorting_sorts_and_those_who_never_logged_in_come_last()
    {
        (await All(sort: "created")).ShouldBeInOrder(
            SortDirection.Ascending,
            Comparer<User>.Create((a, b) => a.CreatedAt.CompareTo(b.CreatedAt))
        );
        (await All(sort: "-created")).ShouldBeInOrder(
            SortDirection.Descending,
            Comparer<User>.Create((a, b) => a.CreatedAt.CompareTo(b.CreatedAt))
        );
        (await All(sort: "handle"))
            .Select(user => user.Handle)
            .ShouldBe((await All()).Select(user => user.Handle).Order(StringComparer.Ordinal));
        (await All(sort: "-handle"))
            .Select(user => user.Handle)
            .ShouldBe((await All()).Select(user => user.Handle).OrderDescending(StringComparer.Ordinal));
        foreach (var sort in new[] { "lastLogin", "-lastLogin" })
        {
            var logins = (await All(sort: sort)).Select(user => user.LastLoginAt).ToList();
            logins.SkipWhile(at => at is not null).ShouldAllBe(at => at == null);
            var known = logins.OfType<long>();
            known.ShouldBe(sort[0] == '-' ? known.OrderDescending() : known.Order());
        }
    }

    [Theory]
    [InlineData("", 62)]
    [InlineData("a", 30)] // prefixes from the first character on
    [InlineData("AN", 30)]
    [InlineData("nn", 0)] // parts from three on
    [InlineData("nn.", 30)]
    [InlineData("nn.04", 1)]
    [InlineData("north", 20)]
    [InlineData("NORTH.exa", 20)]
    [InlineData("ame5", 3)] // name5, name50, name55
    [InlineData("na", 12)]
    [InlineData("%", 0)]
    [InlineData("0%_", 1)]
    [InlineData("_", 0)]
    [InlineData("zz@", 1)]
    [InlineData("secret", 0)] // an anonymous user's handle is a credential
    [InlineData("ANON_", 0)]
    [InlineData("...", 0)]
    [InlineData("other", 0)] // another application's
    public async Task Searching_finds_beginnings_at_once_and_parts_from_three_characters_on(string search, int found)
    {
        foreach (var sort in UserList.AllSorts.Append(""))
        {
            (await All(search: search, sort: sort)).Count.ShouldBe(found, $"{search} {sort}");
        }
    }

    [Fact]
    public async Task The_best_matches_begin_as_typed()
    {
        await Add(appId, [Row(400, "zoe.ann.0@example.com") with { CreatedAt = 9000 }]);
        var found = await All(search: "ann");
        found.Count.ShouldBe(31);
        found.Take(30).Select(user => user.Handle).ShouldBe(found.Take(30).Select(user => user.Handle).Order(StringComparer.Ordinal));
        found[^1].Handle.ShouldBe("zoe.ann.0@example.com");
    }

    [Fact]
    public async Task Filters_narrow_and_combine()
    {
        (await All(status: UserStatus.Suspended)).Count.ShouldBe(6);
        (await All(origin: UserOrigin.Invitation)).Count.ShouldBe(10);
        (await All(provider: SocialProvider.Google)).Count.ShouldBe(7);
        (await All(status: UserStatus.Suspended, origin: UserOrigin.Invitation)).ShouldAllBe(user =>
            user.IsSuspended && user.Origin == UserOrigin.Invitation
        );
        (await All(search: "bob", status: UserStatus.Suspended, sort: "-lastLogin")).ShouldAllBe(user => user.IsSuspended);
        (await All(sort: "backwards")).Count.ShouldBe(62);
        (await All(provider: SocialProvider.Apple)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Anonymous_users_are_found_by_name_and_id_and_never_by_their_handle()
    {
        (await All(anonymous: true)).Count.ShouldBe(20);
        (await All(anonymous: true, search: "nobody")).Single().UserName.ShouldBe("nobody107");
        var one = (await All(anonymous: true))[3];
        (await All(anonymous: true, search: one.Id)).Single().Id.ShouldBe(one.Id);
        foreach (var part in new[] { "ANON_secret-103", "ANON_", "anon_", "secret", "secret-103", "A" })
        {
            (await All(anonymous: true, search: part)).ShouldBeEmpty(part);
        }

        // Neither the order of handles nor a cursor into it may tell what they are.
        (await All(anonymous: true, sort: "handle"))
            .Select(user => user.Id)
            .ShouldBe((await All(anonymous: true)).Select(user => user.Id));
        var probe = await lists.Page(
            appId,
            Read(anonymous: true, sort: "handle"),
            new PageRequest(new PageCursor(0, 0, "ANON_secret-110").Encoded, "", 50)
        );
        probe.Rows.Count.ShouldBe(0); // read as a time of 0: nobody is older
        probe.Previous!.Encoded.ShouldNotContain(Convert.ToHexStringLower("secret-111"u8));
    }

    [Fact]
    public async Task Where_many_rows_do_not_fit_the_page_is_found_all_the_same_or_says_how_to_go_on()
    {
        var crowded = $"crowd-{Guid.CreateVersion7():N}";
        await Add(
            crowded,
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(i =>
                        Row(i, $"needle{i}@old.example") with
                        {
                            CreatedAt = i,
                            LoginProvider = SocialProvider.Apple,
                            Origin = UserOrigin.Import,
                        }
                    ),
            ]
        );
        await installation.Execute(Crowd, new { appId = crowded, most = 45_000 });
        foreach (
            var query in new[]
            {
                Read(search: "eedle", sort: "-created"),
                Read(search: "ne", sort: "-created"),
                Read(provider: SocialProvider.Apple),
                Read(origin: UserOrigin.Import),
                Read(origin: UserOrigin.Import, status: UserStatus.Active),
            }
        )
        {
            (await lists.Page(crowded, query, new PageRequest("", "", 50)))
                .Rows.Select(user => user.Handle)
                .ShouldBe(["needle2@old.example", "needle1@old.example", "needle0@old.example"]);
        }

        // Without an index: all rows are looked at, in several pages
        var others = lists.Read(new UserSearchScope(new ApplicationSettings(), []), "-source:signup", "").Value.ShouldNotBeNull();
        var (page, pages) = (await lists.Page(crowded, others, new PageRequest("", "", 50)), 1);
        for (; page.IsPartial; pages++)
        {
            page.Rows.ShouldBeEmpty();
            page = await lists.Page(crowded, others, new PageRequest(page.Next!.Encoded, "", 50));
        }

        pages.ShouldBe(3); // of 20,000 rows
        page.Rows.Count.ShouldBe(3);
        page.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Naughty_strings_find_no_stranger_and_break_nothing()
    {
        using var strings = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.TestData, "vectors", "blns.json")));
        var naughty = strings.RootElement.EnumerateArray().Select(one => one.GetString()!).ToList();
        naughty.Count.ShouldBeGreaterThan(400);
        var own = (await All()).Concat(await All(anonymous: true)).Select(user => user.Id).ToHashSet();
        var chosen = naughty.Where((text, i) => TestScale.IsLong || i % 4 == 0 || text.Contains('\uFFFE', StringComparison.Ordinal));
        var scope = new UserSearchScope(new ApplicationSettings { MetaData = [new MetadataField("club", "club")] }, SocialProvider.All);
        var understood = 0;
        foreach (var text in chosen.Append("\ud800").Append("\0").Append(new string('9', 5000)))
        {
            foreach (
                var query in new[]
                {
                    lists.Read(scope, text, ""),
                    lists.Read(scope, $"meta.club:{text} name:{text}*", text),
                    lists.Read(scope, $"meta.club:\"*{text}\"* email:\"{text}\"", "created"),
                    lists.Read(scope with { Anonymous = true }, text, "-lastLogin"),
                }
                    .Where(read => read.Succeeded)
                    .Select(read => read.Value.ShouldNotBeNull())
            )
            {
                understood++;
                var hex = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes($"0|5|{text}"));
                foreach (
                    var request in new[]
                    {
                        new PageRequest("", "", 50),
                        new PageRequest(text, text, 50),
                        new PageRequest(hex, "", 50),
                        new PageRequest("", hex, 50),
                    }
                )
                {
                    (await lists.Page(appId, query, request)).Rows.ShouldAllBe(user => own.Contains(user.Id), text);
                }
            }
        }

        understood.ShouldBeGreaterThan(200);
    }

    private const string Crowd = """
        INSERT INTO users (id, app_id, handle, handle_key, anonymous, origin, status, locale, email_verified, password_prehashed,
          metadata,
          invite_metadata, login_provider, two_factor_google, two_factor_phone, totp_last_step, failed_logins, created_at, updated_at)
        WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < @most)
        SELECT @appId || '-' || i, @appId, 'hay' || i || '@new.example', 'hay' || i || '@new.example',
          FALSE, 'signup', 'active', 'EN', TRUE, FALSE, '{}', '{}', '',
          FALSE, FALSE, 0, 0, i, 0 FROM n
        """;

    private static User Row(int i, string handle) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Handle = handle,
            Origin = UserOrigin.Signup,
            CreatedAt = 1000 + i,
        };

    private async Task Add(string app, IReadOnlyList<User> rows)
    {
        await installation.Execute(
            "INSERT INTO applications (id, name, type, status, settings, revision, created_at, updated_at) VALUES (@app, "
                + "'Lists', 'development', 'inactive', '{}', 1, 0, 0) ON CONFLICT (id) DO NOTHING",
            new { app }
        );
        var (database, users) = (await installation.Get<Database>(), await installation.Get<UserStore>());
        await database.Write(async db =>
        {
            foreach (var row in rows)
            {
                (await users.Insert(db, row with { AppId = app })).ShouldBeTrue(row.Handle);
            }
        });
    }

    /// <summary>What a search with these words asks for.</summary>
    private UserListQuery Read(
        bool anonymous = false,
        string search = "",
        string status = "",
        string origin = "",
        string provider = "",
        string sort = ""
    )
    {
        string[] words =
        [
            search.Length > 0 ? $"\"{search}\"" : "",
            status.Length > 0 ? $"status:{(status == UserStatus.Suspended ? "suspended" : status)}" : "",
            origin.Length > 0 ? $"source:{origin}" : "",
            provider.Length > 0 ? $"provider:{provider}" : "",
        ];
        var scope = new UserSearchScope(new ApplicationSettings(), SocialProvider.All, anonymous);
        return lists.Read(scope, string.Join(' ', words), sort).Value.ShouldNotBeNull();
    }

    private Task<ListPage<User>> Page(UserListQuery query, int size) => lists.Page(appId, query, new PageRequest("", "", size));

    private async Task<IReadOnlyList<User>> All(
        bool anonymous = false,
        string search = "",
        string status = "",
        string origin = "",
        string provider = "",
        string sort = ""
    ) => (await Page(Read(anonymous, search, status, origin, provider, sort), size: 1000)).Rows;

    private async Task<List<User>> Forth(UserListQuery query, int size)
    {
        var (all, cursor) = (new List<User>(), "");
        while (true)
        {
            var page = await lists.Page(appId, query, new PageRequest(cursor, "", size));
            all.AddRange(page.Rows);
            if (page.Next is null)
            {
                return all;
            }

            page.Rows.Count.ShouldBe(size);
            cursor = page.Next.Encoded;
        }
    }

    private async Task<List<User>> Back(UserListQuery query, int size)
    {
        var whole = (await Page(query, 1000)).Rows;
        var last = await lists.Page(appId, query, new PageRequest("", "", whole.Count - 1));
        var (all, place) = (
            new List<User> { whole[^1] },
            (await lists.Page(appId, query, new PageRequest(last.Next!.Encoded, "", 5))).Previous
        );
        while (place is not null && all.Count < whole.Count)
        {
            var page = await lists.Page(appId, query, new PageRequest("", place.Encoded, size));
            var missing = whole.Count - all.Count;
            all.InsertRange(0, page.Rows.Take(missing)); // a first page is filled up from the second
            place = page.Previous;
        }

        return all;
    }
}
