using System.Globalization;
using System.Text;

namespace Latchkey.Tests.Abuse;

/// <summary>One person, forty spellings of the handle: one user, one counter (security.md row 8).</summary>
public sealed class HandleNormalisationTests(ServerFixture servers)
{
    private const string Handle = "josé.fiske@example.com";

    private static readonly Func<string, string>[] Cases =
    [
        text => text,
        text => text.ToUpperInvariant(),
        text => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text),
        text => string.Concat(text.Select((c, i) => i % 2 == 0 ? char.ToUpperInvariant(c) : c)),
    ];

    private static readonly Func<string, string>[] Forms =
    [
        text => text,
        text => text.Normalize(NormalizationForm.FormD),
        FullWidth,
        text => text.Replace("fi", "ﬁ", StringComparison.Ordinal).Replace('s', 'ſ').Replace('k', '\u212A'),
    ];

    private static readonly string[] Margins = ["", " ", "\t\r\n", "\u3000\u00A0"];

    private static readonly IReadOnlyList<string> All =
    [
        .. (from margin in Margins from form in Forms from letters in Cases select margin + form(letters(Handle)) + margin)
            .Distinct(StringComparer.Ordinal)
            .Take(40),
    ];

    [Fact]
    public async Task Are_one_user()
    {
        All.Count.ShouldBe(40);
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var first = await app.CreateUser(All[^1]);
        foreach (var spelling in All)
        {
            (await app.Signup(spelling, "another good password")).ShouldFailWith(601);
            (await app.Login(spelling)).Id().ShouldBe(first.Id(), spelling);
        }

        (await app.Installation.Query<string>("SELECT handle FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(Handle);
        TestScale.RecordFigure(8, $"{All.Count} spellings, 1 user");
    }

    [Fact]
    public async Task Are_one_counter()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.CreateUser(Handle);
        var evaluated = 0;
        foreach (var spelling in All)
        {
            evaluated += (await app.TryLogin(spelling, "a wrong password")).Code == 600 ? 1 : 0;
        }

        evaluated.ShouldBe(5);
        TestScale.RecordFigure(8, $"{All.Count} spellings, {evaluated} failures evaluated");
    }

    private static string FullWidth(string text) => string.Concat(text.Select(c => c is > ' ' and < '\x7F' ? (char)(c + 0xFEE0) : c));
}
