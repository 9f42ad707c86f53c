using System.Net;
using AngleSharp.Html.Parser;
using Latchkey.Tests.HostedPages;

namespace Latchkey.Tests.Provider;

/// <summary>No address parameter leads from a page that users see to another site: security.md row 149.</summary>
public sealed class HostedPageAddressTests(ServerFixture servers)
{
    /// <summary>What the pages read, and what pages of others are known to read.</summary>
    private static readonly string[] Parameters =
    [
        "request",
        "redirect_uri",
        "post_logout_redirect_uri",
        "target_link_uri",
        "id_token_hint",
        "login_hint",
        "state",
        "via",
        "page",
        "next",
        "url",
        "return_to",
        "returnUrl",
        "continue",
        "ui_locales",
        "client_id",
        "code",
        "iss",
        "error",
        "error_uri",
        "token",
        "user_code",
    ];

    private static readonly string[] AddressAttributes = ["href", "src", "action", "formaction"];

    [Fact]
    public async Task Sixty_spellings_in_every_parameter_of_every_page_lead_nowhere()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=code");
        var pages = MappedRoutes
            .All.Where(route => route.Method == "GET" && route.Pattern.StartsWith("/apps/{appId}/", StringComparison.Ordinal))
            .Select(route => route.Fill(name => name == "appId" ? app.Id : "x"))
            .ToList();
        pages.Count.ShouldBeGreaterThan(20);
        var spellings = RedirectSpellings
            .All.Select(Uri.EscapeDataString)
            .SelectMany(one => new[] { one, Uri.EscapeDataString(one) })
            .ToList();
        spellings.Count.ShouldBeGreaterThanOrEqualTo(60);
        var (opened, left) = (0, new List<string>());
        foreach (var page in pages)
        {
            foreach (var spelling in spellings)
            {
                var query = string.Join('&', Parameters.Select(name => $"{name}={spelling}"));
                var reply = await app.Server.Get($"{page}?{query}");
                ((int)reply.Status).ShouldBeLessThan(500, page);
                left.AddRange(
                    AddressesIn(reply).Where(address => !IsHere(app.Server, page, address)).Select(address => $"{page} {address}")
                );
                opened++;
            }
        }

        left.ShouldBeEmpty();
        TestScale.RecordFigure(149, $"{pages.Count} pages, {opened} requests, 0 lead away");
    }

    private static IEnumerable<string> AddressesIn(Reply reply)
    {
        if (reply.Header("Location") is { } location)
        {
            yield return location;
        }

        if (reply.Header("Content-Type")?.StartsWith("text/html", StringComparison.Ordinal) is not true)
        {
            yield break;
        }

        var document = new HtmlParser().ParseDocument(reply.Text);
        foreach (var element in document.All)
        {
            foreach (var name in AddressAttributes)
            {
                if (element.GetAttribute(name) is { } address)
                {
                    yield return address;
                }
            }
        }
    }

    /// <summary>As a browser resolves it.</summary>
    private static bool IsHere(ServerProcess server, string page, string address) =>
        Uri.TryCreate(new Uri(server.Address, page), address.Replace('\\', '/'), out var target)
        && target.GetLeftPart(UriPartial.Authority) == server.Address.GetLeftPart(UriPartial.Authority);
}
