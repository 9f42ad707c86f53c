using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Search;

namespace Latchkey.Tests.Users.Search;

/// <summary>What the words of a search mean, and what is said of those that mean nothing.</summary>
public sealed class UserSearchTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly UserSearchScope Scope = new(
        new ApplicationSettings
        {
            MaxLoginAttempts = 5,
            MetaData = [new("user_data.club", "club"), new("user_data.name", "name"), new("email", "email")],
            MetaDataInvite = [new("team", "team")],
        },
        ["apple", "google", "keycloak"]
    );

    private readonly UserSearch search = new(new ManualClock(Now));

    [Theory]
    [InlineData("status:locked", "status locked")]
    [InlineData("STATUS:Suspended", "status suspend")]
    [InlineData("status:unverified status:active", "status unverified; status active")]
    [InlineData("-status:suspended", "not status suspend")]
    [InlineData("-status:suspended -status:locked", "not status suspend; not status locked")]
    [InlineData("source:invitation", "source invitation")]
    [InlineData("source:CLI", "source cli")]
    [InlineData("-source:import", "not source import")]
    [InlineData("provider:keycloak", "provider keycloak")]
    [InlineData("id:01900000-0000-7000-8000-00000000000A", "id 01900000-0000-7000-8000-00000000000a")]
    [InlineData("01900000-0000-7000-8000-00000000000A", "id 01900000-0000-7000-8000-00000000000a")]
    [InlineData("name:Anna", "name anna")]
    [InlineData("name:*anna", "name |anna")]
    [InlineData("email:Anna@Club.DE", "email anna@club.de")]
    [InlineData("email:*@club.de", "email |@club.de")]
    [InlineData("phone:+4915112345678", "phone +4915112345678")]
    [InlineData("phone:\"+49 (151) 123-456/78\"", "phone +4915112345678")]
    [InlineData("meta.user_data.club:Kiel", "meta user_data.club Kiel")]
    [InlineData("meta.club:Kiel", "meta user_data.club Kiel")]
    [InlineData("META.Club:Kiel", "meta user_data.club Kiel")]
    [InlineData("meta.team:red", "meta team red")]
    [InlineData("meta.club:\"FC Kiel\"", "meta user_data.club FC Kiel")]
    [InlineData("meta.club:“FC Kiel”", "meta user_data.club FC Kiel")]
    [InlineData("meta.club:\"6\"\" nails\"", "meta user_data.club 6\" nails")]
    [InlineData("meta.club:\"\"\"a\"\"b\"\"\"*", "meta user_data.club \"a\"b\"|")]
    [InlineData("meta.club:“FC ””Kiel”””", "meta user_data.club FC ”Kiel”")]
    [InlineData("\"a\"\"b\"", "search a\"b")]
    [InlineData("meta.club:\"FC Kiel\"*", "meta user_data.club FC Kiel|")]
    [InlineData("meta.club:*iel*", "meta user_data.club |iel|")]
    [InlineData("meta.club:*", "meta user_data.club |")]
    [InlineData("-meta.club:*", "not meta user_data.club |")]
    [InlineData("meta.club:\"a*b\"", "meta user_data.club a*b")]
    [InlineData("meta.club:a:b", "meta user_data.club a:b")]
    [InlineData("meta.club:%_'", "meta user_data.club %_'")]
    [InlineData("last:never", "never")]
    [InlineData("-last:never", "not never")]
    [InlineData("last:<30d", "last 2026-06-15T12:00 –")]
    [InlineData("last:>90d", "last – 2026-04-16T12:00")]
    [InlineData("last:<2h", "last 2026-07-15T10:00 –")]
    [InlineData("last:<2w", "last 2026-07-01T12:00 –")]
    [InlineData("last:<2m", "last 2026-05-15T12:00 –")]
    [InlineData("last:>1Y", "last – 2025-07-15T12:00")]
    [InlineData("created:>2026-01", "created 2026-01-01T00:00 –")]
    [InlineData("created:<2025-06-01", "created – 2025-06-01T00:00")]
    [InlineData("created:2026-03", "created 2026-03-01T00:00 2026-04-01T00:00")]
    [InlineData("created:2024-02-29", "created 2024-02-29T00:00 2024-03-01T00:00")]
    [InlineData("created:2024-02-29T23", "created 2024-02-29T23:00 2024-03-01T00:00")]
    [InlineData("created:2025", "created 2025-01-01T00:00 2026-01-01T00:00")]
    [InlineData("created:>2026-01 created:<2026-03", "created 2026-01-01T00:00 –; created – 2026-03-01T00:00")]
    [InlineData("factor:yes", "factor")]
    [InlineData("factor:no", "not factor")]
    [InlineData("-factor:no", "factor")]
    [InlineData("passkey:yes", "passkey")]
    [InlineData("anna", "search anna")]
    [InlineData("  Anna  ", "search anna")]
    [InlineData("\"status:locked\"", "search status:locked")]
    [InlineData("anna kiel", "text |kiel|; search anna")]
    [InlineData("*@club.de", "text |@club.de")]
    [InlineData("anna status:locked meta.club:Kiel", "status locked; meta user_data.club Kiel; search anna")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    public void A_search_is_understood(string text, string meaning) =>
        Describe(search.Parse(text, Scope).Value.ShouldNotBeNull()).ShouldBe(meaning);

    [Theory]
    [InlineData("status:lockd", "status:lockd: lockd is unknown. Possible are active, locked, suspended, unverified, verified.")]
    [InlineData("status:", "status: needs a value: active, locked, suspended, unverified, verified.")]
    [InlineData("status:locked status:suspended", "status:suspended: a user has one status. Search for each of them alone.")]
    [InlineData("source:a", "Possible are signup, invitation, portal, server, cli, import, social, anonymous.")]
    [InlineData("source:import source:signup", "a user has one of them")]
    [InlineData("provider:github", "Possible are apple, google, keycloak.")]
    [InlineData("id:17", "an id has the form")]
    [InlineData("phone:0151123", "type the whole number with +")]
    [InlineData("phone:+", "type the whole number with +")]
    [InlineData("meta.clubb:Kiel", "Possible are meta.user_data.club, meta.user_data.name, meta.team.")]
    [InlineData("meta.email:x", "there is no such metadata field")]
    [InlineData("meta.club:", "needs a value after the colon, without a space")]
    [InlineData("meta.club: Kiel", "needs a value after the colon, without a space")]
    [InlineData("club:Kiel", "club:Kiel: for this metadata field, type meta.user_data.club:…")]
    [InlineData("colour:red", "colour:red: colour is no filter. Possible are status, source, provider, email, name")]
    [InlineData("meta.club:\"Kiel", "The quotation marks in meta.club:\"Kiel are not closed.")]
    [InlineData("last:soon", "this is no time. Possible are never, <30d, >90d")]
    [InlineData("last:30d", "this is no time")]
    [InlineData("last:<30x", "this is no time")]
    [InlineData("last:<0d", "this is no time")]
    [InlineData("last:<99999d", "this is no time")]
    [InlineData("last:<9999y", "this is no time")]
    [InlineData("created:never", "this is no time")]
    [InlineData("created:2026-13", "this is no time")]
    [InlineData("created:2025-02-29", "this is no time")]
    [InlineData("created:2025-02-28T24", "this is no time")]
    [InlineData("created:9999", "this is no time")]
    [InlineData("created:", "needs a time")]
    [InlineData("factor:maybe", "Possible are yes, no.")]
    [InlineData("-anna", "a minus can stand before a filter")]
    [InlineData("*", "type what the address or user name has")]
    [InlineData("anna \"\"", "type what the address or user name has")]
    [InlineData("anna\0", "a character that no text can contain")]
    public void What_is_not_understood_says_which_word_and_what_is_possible(string text, string message)
    {
        var refused = search.Parse(text, Scope).Error.ShouldNotBeNull();
        refused.Code.ShouldBe(ErrorCodes.InvalidData.Code);
        refused.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("anna@example.com")]
    [InlineData("a\"b")]
    [InlineData("\"a b\"@example.com")]
    [InlineData("“a”: b*")]
    [InlineData("-a\"")]
    public void What_is_quoted_is_searched_for_as_it_is(string text) =>
        Describe(search.Parse(SearchWords.Quote(text), Scope).Value.ShouldNotBeNull()).ShouldBe($"search {text}");

    [Fact]
    public void Searches_have_an_end()
    {
        search.Parse(new string('a', UserSearch.MaxLength), Scope).Succeeded.ShouldBeTrue();
        search.Parse(new string('a', UserSearch.MaxLength + 1), Scope).Error!.Message.ShouldContain("at most 500 characters");
        search.Parse(string.Join(' ', Enumerable.Repeat("a", 21)), Scope).Error!.Message.ShouldContain("at most 20 words");
        search.Parse($"meta.club:{new string('a', 201)}", Scope).Error!.Message.ShouldContain("200 characters at most");
    }

    [Fact]
    public void Anonymous_users_are_searched_by_a_source_and_have_no_address()
    {
        search.Parse("source:anonymous last:never", Scope).Value.ShouldNotBeNull().Anonymous.ShouldBeTrue();
        search.Parse("source:anonymous email:anna", Scope).Error!.Message.ShouldContain("have no address");
        search.Parse("anna", Scope with { Anonymous = true }).Value.ShouldNotBeNull().Sort.ShouldBe(UserSort.Created);
    }

    [Fact]
    public void An_application_without_fields_says_so()
    {
        var none = new UserSearchScope(new ApplicationSettings(), []);
        search.Parse("meta.club:Kiel", none).Error!.Message.ShouldContain("defines no metadata fields");
    }

    [Fact]
    public void A_field_name_that_two_fields_have_needs_the_path()
    {
        var two = new UserSearchScope(new ApplicationSettings { MetaData = [new("a.club", "club"), new("b.club", "club")] }, []);
        search.Parse("meta.club:Kiel", two).Error!.Message.ShouldContain("meta.a.club, meta.b.club");
        search.Parse("meta.b.club:Kiel", two).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void The_order_suits_the_search()
    {
        search.Parse("status:locked", Scope).Value.ShouldNotBeNull().Sort.ShouldBe(UserSort.Created);
        search.Parse("anna status:locked", Scope).Value.ShouldNotBeNull().Sort.ShouldBe(UserSort.Relevance);
        search.Parse("last:<30d", Scope).Value.ShouldNotBeNull().Sort.ShouldBe(UserSort.LastLogin);
        search.Parse("-last:<30d", Scope).Value.ShouldNotBeNull().Sort.ShouldBe(UserSort.Created);
    }

    private static string Describe(UserListQuery query) =>
        string.Join("; ", query.Conditions.Select(Describe).Concat(query.Search.Length > 0 ? [$"search {query.Search}"] : []));

    private static string Describe(UserCondition condition) =>
        (condition.IsNegated ? "not " : "")
        + condition switch
        {
            UserCondition.Status one => $"status {one.Value}",
            UserCondition.Origin one => $"source {one.Value}",
            UserCondition.Provider one => $"provider {one.Alias}",
            UserCondition.Id one => $"id {one.Value}",
            UserCondition.Name one => $"name {Describe(one.Pattern)}",
            UserCondition.Email one => $"email {Describe(one.Pattern)}",
            UserCondition.Text one => $"text {Describe(one.Pattern)}",
            UserCondition.Phone one => $"phone {one.Number}",
            UserCondition.Metadata one => $"meta {one.Path} {Describe(one.Pattern)}",
            UserCondition.NeverLoggedIn => "never",
            UserCondition.LastLogin one => $"last {Describe(one.Range)}",
            UserCondition.Created one => $"created {Describe(one.Range)}",
            UserCondition.Factor => "factor",
            UserCondition.Passkey => "passkey",
            _ => throw new InvalidOperationException(condition.ToString()),
        };

    private static string Describe(TextPattern pattern) => string.Join('|', pattern.Parts);

    private static string Describe(TimeRange range) => $"{Describe(range.From)} {Describe(range.To)}";

    private static string Describe(long? at) =>
        at is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime.ToString("yyyy-MM-ddTHH:mm", null) : "–";
}
