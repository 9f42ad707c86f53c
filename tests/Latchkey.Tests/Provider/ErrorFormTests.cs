using System.Net;
using System.Text;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Clients;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Tests.Provider;

/// <summary>What no handler answered is answered in the provider's forms too.</summary>
public sealed class ErrorFormTests(ServerFixture servers)
{
    private static readonly (string Name, string Value) Large = ("x", new string('x', 150_000));

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_as_OAuth_has_it()
    {
        var client = await (await ProviderApp.Create(servers)).AddClient();
        foreach (var endpoint in new[] { "token", "revoke", "introspect", "par" })
        {
            (await client.Provider.Post(endpoint, [("client_id", client.Id), Large], client.Basic)).ShouldRefuse(
                "invalid_request",
                HttpStatusCode.RequestEntityTooLarge
            );
        }
    }

    [Fact]
    public async Task On_the_pages_it_is_a_page()
    {
        using var browser = new Browser(await ProviderApp.Create(servers));
        foreach (var page in new[] { "login", "oauth2/authorize", "oauth2/logout" })
        {
            var visit = await browser.Post(page, [Large]);
            visit.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge, page);
            visit.Headers["Content-Type"].ShouldStartWith("text/html");
            visit.Headers["X-Frame-Options"].ShouldBe("DENY");
            visit.Heading.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Row_7009_16_A_database_that_is_away_is_503_with_a_time_to_wait()
    {
        var busy = ErrorCodes.ServerBusy with { RetryAfter = TimeSpan.FromSeconds(2) };
        var (context, body) = await Write(ProviderErrorForms.OAuth, busy);
        context.Response.StatusCode.ShouldBe(503);
        context.Response.Headers.RetryAfter.ToString().ShouldBe("2");
        body.ShouldContain("\"error\":\"temporarily_unavailable\"");

        (context, body) = await Write(ProviderErrorForms.Page, busy);
        context.Response.StatusCode.ShouldBe(503);
        context.Response.Headers.RetryAfter.ToString().ShouldBe("2");
        body.ShouldContain("<h1>");
    }

    [Fact]
    public async Task A_fault_of_the_server_says_no_more_than_that()
    {
        var (context, body) = await Write(ProviderErrorForms.OAuth, ErrorCodes.Internal);
        context.Response.StatusCode.ShouldBe(500);
        body.ShouldContain("\"error\":\"server_error\"");

        (context, body) = await Write(ProviderErrorForms.Page, ErrorCodes.Internal);
        context.Response.StatusCode.ShouldBe(500);
        context.Response.ContentType.ShouldStartWith("text/html");
        body.ShouldContain("server_error");
    }

    /// <summary>As <c>ErrorMiddleware</c> writes it for a route with this form.</summary>
    private static async Task<(HttpContext Context, string Body)> Write(ErrorForm form, Error error)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Response.Body = body;
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(form), "test"));
        await ApiResults.WriteError(context, error);
        return (context, Encoding.UTF8.GetString(body.ToArray()));
    }
}
