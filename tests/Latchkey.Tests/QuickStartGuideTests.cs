using Latchkey.Portal.Clients.QuickStarts;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests;

/// <summary>docs/quick-starts.md says what the portal shows, and the code of quick starts holds whatever values a client has.</summary>
public sealed class QuickStartGuideTests
{
    private const string Issuer = "https://auth.example.com/apps/APPID";
    private static readonly MarkdownDocument Guide = MarkdownDocument.Read("docs/quick-starts.md");

    private static readonly ClientType[] Types = [ClientType.Browser, ClientType.Web, ClientType.Native];

    [Fact]
    public void The_guide_lists_every_quick_start_and_says_which_a_test_runs()
    {
        var all = Types.SelectMany(type => QuickStartList.Of(Sample(type, "http://localhost:5173/"), Issuer)).ToList();
        all.Count.ShouldBe(10);
        all.Select(one => one.Key).ShouldBeUnique();
        foreach (var one in all)
        {
            Guide.Text.ShouldContain($"| {one.Title} |");
            Guide
                .Text.Split('\n')
                .Single(line => line.StartsWith($"| {one.Title} |", StringComparison.Ordinal))
                .ShouldEndWith(one.IsTested ? "| run |" : "| reviewed |");
        }
    }

    [Fact]
    public void The_guides_React_app_is_the_one_of_the_portal()
    {
        var react = QuickStartList.Of(Sample(ClientType.Browser, "http://localhost:5173/"), Issuer)[0];
        Guide.Blocks("console").ShouldContain(react.Install + "\n");
        Guide.Blocks("console").ShouldContain(react.Run + "\n");
        Guide.Blocks("html").Single().ShouldBe(react.Files[0].Text + "\n");
        Guide.Blocks("jsx").Single().ShouldBe(react.Files[1].Text + "\n");
    }

    [Fact]
    public void Values_that_mean_something_in_a_language_stay_values()
    {
        const string Rest = "cb?a=$x{y}'\"</script>%0A";
        foreach (var type in Types)
        {
            var redirect = type == ClientType.Native ? $"com.example.app:/{Rest}" : $"http://localhost:3000/{Rest}";
            foreach (var one in QuickStartList.Of(Sample(type, redirect), Issuer))
            {
                var code = string.Concat(one.Files.Select(file => file.Text));
                code.ShouldNotContain("'\"<", customMessage: one.Key); // the quote is escaped
                if (one.Key is "kotlin" or "flutter")
                {
                    code.ShouldContain("a=\\$x", customMessage: one.Key);
                }
            }
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:5400/apps/a", true)]
    [InlineData(Issuer, false)]
    public void Libraries_are_told_to_allow_http_only_where_the_issuer_is(string issuer, bool isPlain)
    {
        foreach (var one in QuickStartList.Of(Sample(ClientType.Web, "http://localhost:3000/callback"), issuer))
        {
            var code = string.Concat(one.Files.Select(file => file.Text));
            (code.Contains("allowInsecureRequests") || code.Contains("RequireHttpsMetadata")).ShouldBe(
                isPlain && one.Key is "express" or "aspnet" && isPlain,
                one.Key
            );
        }
    }

    [Fact]
    public void A_client_without_addresses_gets_code_and_is_told_what_to_add()
    {
        foreach (var type in Types)
        {
            foreach (var one in QuickStartList.Of(Sample(type), Issuer))
            {
                one.Files.ShouldNotBeEmpty();
            }
        }

        QuickStartList.Of(Sample(ClientType.Web), Issuer)[1].Notes.ShouldContain(note => note.Contains("add the redirect address"));
        QuickStartList.Of(Sample(ClientType.Service), Issuer).ShouldBeEmpty();
    }

    [Fact]
    public void An_app_for_a_try_listens_on_the_developers_machine_wherever_the_site_is()
    {
        const string Site = "https://shop.example.com/signed-in";
        const string Local = "http://127.0.0.1:5400/local";
        foreach (var type in new[] { ClientType.Browser, ClientType.Web })
        {
            foreach (var one in QuickStartList.Of(Sample(type, Site), Issuer))
            {
                AllOf(one).ShouldNotContain("shop.example.com", customMessage: one.Key);
                AllOf(one).ShouldContain("3000", customMessage: one.Key);
                one.Notes.ShouldContain(
                    note => note.Contains(one.Key == "next" ? "http://localhost:3000/api/auth" : "http://localhost:3000/signed-in"),
                    one.Key
                );
            }

            foreach (var one in QuickStartList.Of(Sample(type, Site, Local), Issuer))
            {
                AllOf(one).ShouldNotContain("shop.example.com", customMessage: one.Key);
                AllOf(one).ShouldContain("5400", customMessage: one.Key);
                one.Notes.ShouldNotContain(note => note.Contains("For a try"), one.Key);
            }
        }
    }

    [Theory]
    [InlineData("https://app.example.com/callback", "com.example.myapp:/callback", true)]
    [InlineData("http://127.0.0.1/callback", "com.example.myapp:/callback", true)]
    [InlineData("com.example.shop:/in", "com.example.shop:/in", false)]
    public void An_app_on_a_phone_has_a_scheme_of_its_own(string redirect, string used, bool isToBeAdded)
    {
        foreach (var one in QuickStartList.Of(Sample(ClientType.Native, redirect), Issuer))
        {
            AllOf(one).ShouldContain($"\"{used}\"", customMessage: one.Key);
            one.Notes.Any(note => note.Contains($"Add the redirect address {used}")).ShouldBe(isToBeAdded, one.Key);
            one.Notes.ShouldNotContain(note => note.Contains("https issuer"), one.Key);
        }
    }

    [Fact]
    public void AppAuth_for_Swift_and_Kotlin_is_said_to_need_an_https_issuer()
    {
        foreach (var one in QuickStartList.Of(Sample(ClientType.Native, "com.example.shop:/in"), "http://127.0.0.1:5400/apps/a"))
        {
            one.Notes.Any(note => note.Contains("needs an https issuer")).ShouldBe(one.Key is "swift" or "kotlin", one.Key);
        }
    }

    private static string AllOf(QuickStart one) => string.Concat(one.Files.Select(file => file.Text).Append(one.Run));

    private static Client Sample(ClientType type, params string[] redirects) =>
        ClientRules.Draft("APPID", type, "My app") with
        {
            Id = "CLIENT_ID",
            Settings = ClientRules.Draft("APPID", type, "My app").Settings with { RedirectUris = redirects },
        };
}
