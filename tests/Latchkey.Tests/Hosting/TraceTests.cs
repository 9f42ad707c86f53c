using System.Text;
using Latchkey.Tests.SecretLeaks;

namespace Latchkey.Tests.Hosting;

/// <summary>What the spans of requests carry, as OpenTelemetry's collector gets them.</summary>
public sealed class TraceTests(ServerFixture servers)
{
    [Fact]
    public async Task A_span_names_route_method_status_and_application_and_no_secret()
    {
        using var collector = new OtlpCollector();
        await using var server = await ServerProcess.Start(await servers.NewInstallation(), environment: collector.Environment);
        var app = await server.CreateApp("signupFlow=link");
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        var link = new Uri((await app.Mails("ann@example.com"))[0].Link.ShouldNotBeNull());
        (await server.Get(link.PathAndQuery)).ShouldBeOk();
        (await app.TryLogin("nobody@example.com")).Code.ShouldBe(600);
        (await server.Stop()).ShouldBe(0);

        var spans = Encoding.Latin1.GetString([.. collector.Received.SelectMany(body => body)]);
        foreach (
            var part in new[]
            {
                "http.route",
                "/api/appuser/login",
                "http.request.method",
                "http.response.status_code",
                "latchkey.app_id",
                app.Id,
            }
        )
        {
            spans.ShouldContain(part);
        }

        spans.ShouldNotContain(app.Token);
        spans.ShouldNotContain(System.Web.HttpUtility.ParseQueryString(link.Query)["code"].ShouldNotBeNull());
        spans.ShouldNotContain(App.Password);
    }
}
