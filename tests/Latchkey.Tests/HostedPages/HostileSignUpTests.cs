using System.Net;
using Latchkey.Tests.Provider;
using static Latchkey.Tests.HostedPages.PageVisitor;

namespace Latchkey.Tests.HostedPages;

/// <summary>The pages to get in, in the hands of strangers and of other sites.</summary>
public sealed class HostileSignUpTests(ServerFixture servers)
{
    private static readonly string[] Pages =
    [
        "login",
        "login/code",
        "login/factor",
        "login/passkey",
        "signup",
        "signup/mail",
        "signup/confirm",
        "signup/confirmed",
        "signup/name",
        "forgot",
        "reset",
    ];

    [Fact]
    public async Task Sixty_spellings_of_an_open_redirect_lead_nowhere()
    {
        using var visitor = await Create(servers, "signupFlow=none");
        string[] spellings = [.. RedirectSpellings.All];
        spellings.Length.ShouldBeGreaterThanOrEqualTo(60);
        foreach (var page in Pages)
        {
            foreach (var spelling in spellings)
            {
                var value = Uri.EscapeDataString(spelling);
                var names = new[] { "continue", "next", "url", "returnUrl", "redirect_uri", "locale", "handle", "code", "ui_locales" };
                ShouldStay(await visitor.Browser.Open($"{page}?{string.Join('&', names.Select(name => $"{name}={value}"))}"), spelling);
            }
        }

        foreach (var spelling in spellings.Where((_, i) => i % 6 == 0))
        {
            var address = $"signup?continue={Uri.EscapeDataString(spelling)}&next={Uri.EscapeDataString(spelling)}";
            var page = await visitor.Browser.Open(address);
            ShouldStay(await visitor.SignUp(page, "x", ("next", spelling)), spelling);
        }

        static void ShouldStay(Visit visit, string spelling)
        {
            visit.Away.ShouldBeNull(spelling);
            visit
                .Document.QuerySelectorAll("[href], [action], [formaction], [src]")
                .SelectMany(element => new[] { "href", "action", "formaction", "src" }.Select(element.GetAttribute))
                .OfType<string>()
                .ShouldAllBe(link => !link.Contains("evil", StringComparison.OrdinalIgnoreCase));
            visit.Headers.ContainsKey("X-Evil").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_form_of_another_site_browser_or_application_does_nothing()
    {
        using var visitor = await Create(servers);
        using var foreign = await Create(servers);
        using var other = visitor.Elsewhere();
        var (page, theirs) = (await visitor.Browser.Open("signup"), await foreign.Browser.Open("signup"));
        var fields = Browser.FieldsOf(page, "sign-up", ("handle", Ann), ("password", App.Password)).ToList();
        await other.Browser.Open("signup");
        (await visitor.Browser.Post("signup", fields, "https://evil.example"))
            .ShouldBePage("signup")
            .Text.ShouldContain("Please try again");
        (await visitor.Browser.Post("signup", fields.Where(field => field.Name != "form-key"))).Text.ShouldContain("Please try again");
        (await other.Browser.Post("signup", fields)).ShouldBePage("signup").Text.ShouldContain("Please try again");
        var strange = Browser.FieldsOf(theirs, "sign-up", ("handle", Ann), ("password", App.Password)).ToList();
        (await visitor.Browser.Post("signup", strange)).ShouldBePage("signup").Text.ShouldContain("Please try again");

        // The key of one page is none of another.
        (await visitor.Browser.Post("forgot", fields))
            .ShouldBePage("forgot")
            .Text.ShouldContain("Please try again");
        await visitor.App.WaitForDeferredWork();
        (await visitor.App.Mails(Ann)).ShouldBeEmpty();
        (await foreign.App.Mails(Ann)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waits_in_one_browser_or_application_is_nothing_in_another()
    {
        using var visitor = await Create(servers);
        using var foreign = await Create(servers);
        await visitor.SignUp(await visitor.OpenSignUp(), Ann);
        var cookie = visitor.Browser.Cookie("latchkey-signup")!;
        foreign.Browser.Cookies.Add(new Cookie("latchkey-signup", cookie, $"/apps/{foreign.Provider.Id}", "127.0.0.1"));
        (await foreign.Browser.Open("signup/mail")).ShouldBePage("signup");
        using var other = visitor.Elsewhere();
        other.Browser.Cookies.Add(new Cookie("latchkey-signup", cookie[..^2] + "AA", $"/apps/{visitor.Provider.Id}", "127.0.0.1"));
        (await other.Browser.Open("signup/mail")).ShouldBePage("signup");
        (await other.Browser.Open("reset")).ShouldBePage("forgot");
        (await other.Browser.Open("signup/name")).ShouldBePage("login");
        (await other.Browser.Open("login/passkey")).ShouldBePage("login");
    }

    [Fact]
    public async Task Hostile_texts_are_only_texts()
    {
        using var visitor = await Create(
            servers,
            "signupFlow=none",
            "userNamesEnabled=1",
            """metaData=[{"path":"a","fieldName":"a","required":true}]"""
        );
        string[] texts =
        [
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "'><svg onload=alert(1)>",
            "%HANDLE%%APP_NAME%%N%",
            "\u202eevil",
            "~/css/plain.css",
            "a\r\nSet-Cookie: x=1",
            new string('a', 900),
        ];
        var page = await visitor.OpenSignUp();
        ShouldBeHarmless(page);
        var number = 0;
        foreach (var text in texts)
        {
            ShouldBeHarmless(await visitor.SignUp(page, text, ("metaData.a", text)));
            ShouldBeHarmless(await visitor.SignUp(page, $"{text}@example.com", ("metaData.a", "")));
            using var fresh = visitor.Elsewhere();
            var name = await fresh.SignUp(await fresh.OpenSignUp(), $"u{number++}@example.com", ("metaData.a", text));
            ShouldBeHarmless(await fresh.Browser.Submit(name.ShouldBePage("signup/name"), "set", ("userName", text)));
            var forgot = await visitor.Browser.Open("forgot");
            ShouldBeHarmless(await visitor.Browser.Submit(forgot, null, ("handle", $"{text}@example.com")));
            ShouldBeHarmless(
                await visitor.Browser.Open(
                    $"reset?handle={Uri.EscapeDataString(text)}&code={new string('A', 43)}&locale={Uri.EscapeDataString(text)}"
                )
            );
            ShouldBeHarmless(await visitor.Browser.Open($"signup/confirm?handle={Uri.EscapeDataString(text)}&code={new string('A', 43)}"));
        }

        static void ShouldBeHarmless(Visit visit)
        {
            visit.Away.ShouldBeNull();
            ((int)visit.Status).ShouldBeLessThan(500);
            visit.Document.QuerySelectorAll("script:not([src]), main img, main svg, [onerror], [onload]").ShouldBeEmpty();
            visit.Headers["Content-Security-Policy"].ShouldStartWith("default-src 'none'");
        }
    }

    [Fact]
    public async Task No_address_has_a_password_a_code_or_a_handle()
    {
        using var visitor = await Create(servers);
        var mailed = await visitor.SignUp(await visitor.OpenSignUp(), Ann);
        var wrong = await visitor.Browser.Submit(mailed, "code", ("code", "123456"));
        var forgot = await visitor.Browser.Open("forgot");
        var reset = await visitor.Browser.Submit(forgot, null, ("handle", Ann));
        foreach (var visit in new[] { mailed, wrong, reset })
        {
            var address = Uri.UnescapeDataString(visit.Url.AbsoluteUri);
            address.ShouldNotContain("ann@");
            address.ShouldNotContain("123456");
            address.ShouldNotContain(App.Password);
            visit.Headers["Referrer-Policy"].ShouldBeOneOf("same-origin", "no-referrer");
            visit.Headers["X-Frame-Options"].ShouldBe("DENY");
            visit.Headers["Cache-Control"].ShouldBe("no-store");
        }
    }
}
