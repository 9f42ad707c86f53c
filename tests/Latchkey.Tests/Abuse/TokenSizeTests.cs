using System.Text.Json;
using Latchkey.Tests.Operations.UserTransfer;

namespace Latchkey.Tests.Abuse;

/// <summary>
/// What strangers put into what travels in headers (metadata, names, locales) is bounded: servers refuse long headers (security.md row 75).
/// </summary>
public sealed class TokenSizeTests(ServerFixture servers)
{
    private const string Fields =
        """metaData=[{"path":"a","fieldName":"a"},{"path":"b","fieldName":"b"},{"path":"c","fieldName":"c"},{"path":"d","fieldName":"d"},{"path":"e","fieldName":"e"},{"path":"fixed","fieldName":"fixed","canEdit":0}]""";

    private const string InviteFields =
        """metaDataInvite=[{"path":"i.a","fieldName":"a"},{"path":"i.b","fieldName":"b"},{"path":"i.c","fieldName":"c"},{"path":"i.d","fieldName":"d"},{"path":"i.e","fieldName":"e"}]""";

    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    /// <summary>Documents with one value that is too long, and with too many that are not.</summary>
    public static TheoryData<string, bool> Documents =>
        new()
        {
            { Document(1, 1000), true },
            { Document(1, 1001), false },
            { Document(4, 1000), true },
            { Document(5, 1000), false },
            { Document(1, 1000, "ü"), true },
            { Document(1, 300, "\U0001F600"), true }, // tokens have twelve bytes for each
            { Document(1, 400, "\U0001F600"), false },
        };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Of_users(string document, bool fits)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", Fields);
        (await app.Signup("ann@example.com", metaData: document)).Code.ShouldBe(fits ? null : 604);
        var bob = await app.CreateUser("bob@example.com");
        (await bob.Post("setUserMetadata", new { metaData = document })).Code.ShouldBe(fits ? null : 604);
        (await app.SendAsServer(HttpMethod.Post, $"users/{bob.Id()}/metadata", new { metaData = document })).Code.ShouldBe(
            fits ? null : 604
        );
        (
            await app.SendAsServer(
                HttpMethod.Post,
                "users",
                new
                {
                    handle = "cas@example.com",
                    password = App.Password,
                    metaData = document,
                }
            )
        ).Code.ShouldBe(fits ? null : 604);
        var added = await app.Installation.RunWithInput(
            App.Password,
            ["user", "add", app.Id, "dan@example.com", "--metadata", document, "--password-stdin"]
        );
        added.ExitCode.ShouldBe(fits ? 0 : 1);
        var imported = await app.Import("users.jsonl", $$"""{"handle":"eve@example.com","metaData":{{document}}}""");
        imported.ExitCode.ShouldBe(fits ? 0 : 1, imported.Error);
        if (!fits)
        {
            (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(1);
        }

        (await app.Login("bob@example.com")).Jwt.Length.ShouldBeLessThan(8000);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Of_invitations(string document, bool fits)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", Fields, InviteFields);
        var ann = await app.CreateUser("ann@example.com");
        var metaData = $$"""{"i":{{document}}}""";
        (await ann.Invite("bob@example.com", metaData)).Code.ShouldBe(fits ? null : 604);
        (await app.InviteByServer("cas@example.com", metaData)).Code.ShouldBe(fits ? null : 604);
        if (fits)
        {
            var bob = app.ParseTokens(await app.Register("bob@example.com", await app.LastCodeFor("bob@example.com"), metaData: document));
            bob.Jwt.Length.ShouldBeLessThan(16_000); // the longest: 4 KiB of the user and 4 KiB of the invitation
            bob.Claims.GetProperty("i").EnumerateObject().ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Four_kibibytes_fit_and_not_one_byte_more()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", Fields);
        var ann = await app.CreateUser("ann@example.com");
        Document(5, 812).Length.ShouldBe(4096);
        (await ann.Post("setUserMetadata", new { metaData = Document(5, 812) })).ShouldBeTrue();
        (await ann.Post("setUserMetadata", new { metaData = Document(5, 812).Replace("\"a\":\"", "\"a\":\"x") })).ShouldFailWith(604);
    }

    [Fact]
    public async Task Fields_that_a_user_cannot_edit_count_too()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", Fields);
        var ann = await app.CreateUser("ann@example.com", metaData: JsonSerializer.Serialize(new { @fixed = new string('x', 1000) }));
        (await ann.Post("setUserMetadata", new { metaData = Document(4, 1000) })).ShouldFailWith(604);
        (await ann.Post("setUserMetadata", new { metaData = Document(3, 1000) })).ShouldBeTrue();
        ann = await app.Login("ann@example.com");
        ann.Claims.GetProperty("fixed").GetString()!.Length.ShouldBe(1000);
        ann.Claims.GetProperty("c").GetString()!.Length.ShouldBe(1000);
    }

    [Fact]
    public async Task An_upgraded_anonymous_user_keeps_what_fits()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "anonymousLoginEnabled=1", Fields);
        var ann = await app.LoginAnonymous("ANON_ann");
        (await ann.Post("setUserMetadata", new { metaData = Document(4, 1000) })).ShouldBeTrue();
        var known = app.ParseTokens(
            await app.Signup("ann@example.com", metaData: JsonSerializer.Serialize(new { e = new string('e', 1000) }), upgrading: ann)
        );
        known.Claims.GetProperty("e").GetString().ShouldBe(new string('e', 1000));
        Names.Count(name => known.Claims.TryGetProperty(name, out _)).ShouldBe(4);
        known.Jwt.Length.ShouldBeLessThan(8000);
    }

    [Fact]
    public async Task An_import_cannot_add_to_a_user_what_does_not_fit()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", Fields);
        await app.CreateUser("ann@example.com", metaData: Document(4, 1000));
        var more = JsonSerializer.Serialize(new { handle = "ann@example.com", metaData = new { e = new string('e', 1000) } });
        var printed = await app.Import("users.jsonl", more, "--on-conflict", "update", "--dry-run");
        (printed.ExitCode, printed.Output.Contains("with what the user has", StringComparison.Ordinal)).ShouldBe((1, true));
    }

    [Theory]
    [InlineData(255, null)]
    [InlineData(256, 602)]
    [InlineData(60_000, 602)]
    public async Task A_sender_is_an_id(int length, int? code)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        var invitation = new { handle = "bob@example.com", senderUserId = new string('u', length) };
        (await ann.Post("invite", invitation)).Code.ShouldBe(code);
        (await app.SendAsServer(HttpMethod.Post, "invite", invitation)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Names_and_locales_are_bounded()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "userNamesEnabled=1", "locales=EN,FR");
        var ann = await app.CreateUser("ann@example.com");
        (await ann.Post("setUserName", new { userName = new string('n', 65) })).ShouldFailWith(602);
        (await ann.Post("setLocale", new { locale = $"FR-{new string('x', 60_000)}" })).ShouldFailWith(602);
        (await app.Signup($"{new string('h', 65)}@example.com")).ShouldFailWith(602);
        (await app.Signup($"ann@{string.Join('.', Enumerable.Repeat(new string('d', 60), 5))}")).ShouldFailWith(602);
        (await ann.Post("setUserName", new { userName = new string('n', 64) })).ShouldBeTrue();
        (await app.Login("ann@example.com")).Jwt.Length.ShouldBeLessThan(1000);
    }

    private static string Document(int values, int length, string character = "x") =>
        JsonSerializer.Serialize(Names.Take(values).ToDictionary(name => name, _ => string.Concat(Enumerable.Repeat(character, length))));
}
