using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Latchkey.Tests.Tenancy;

namespace Latchkey.Tests.Abuse;

/// <summary>
/// Random and spoiled requests to every route of the product, by nobody and by a stranger: no answer is a fault, none lacks its
/// security headers or tells of another tenant, nothing of that tenant changes, and the server goes on. <c>LATCHKEY_TEST_SEED</c>
/// repeats a run.
/// </summary>
[Collection(SerialCollection.Name)]
public sealed class FuzzTests(ServerFixture servers) : IDisposable
{
    private const int AtOnce = 4;
    private static readonly int Seed = int.TryParse(
        Environment.GetEnvironmentVariable("LATCHKEY_TEST_SEED"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out var given
    )
        ? given
        : 20_260_101;

    private static readonly string[] Nowhere =
    [
        "LATCHKEY_GOOGLE_KEYS_URL",
        "LATCHKEY_APPLE_KEYS_URL",
        "LATCHKEY_APP_SERVICES_URL",
        "LATCHKEY_SENDGRID_URL",
        "LATCHKEY_TWILIO_URL",
    ];

    /// <summary>Forms that would end what the test lives on, or connect to addresses that strings happen to name.</summary>
    private static readonly string[] LeftAlone = ["/status/", "/reset", "/delete", "/keys", "/members", "/realm", "/upgrade", "/petition"];

    private readonly HttpClient client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(60),
    };
    private readonly ConcurrentDictionary<int, int> statuses = new();
    private readonly ConcurrentDictionary<MappedRoute, int> reached = new();
    private int brokenOff;

    [Fact]
    public async Task No_request_is_answered_with_a_fault_or_changes_what_it_may_not()
    {
        var times = TestScale.Size(2_000, 100_000);
        var server = await servers.StartOn(
            await servers.NewInstallation(),
            ["--limits", "off"],
            [.. Nowhere.Select(name => (name, "http://127.0.0.1:1"))]
        );
        var (victim, stranger) = (await Tenant.Create(server), await Tenant.Create(server));
        var requests = new FuzzRequestGenerator(Seed, victim, stranger, await Forms(stranger));
        FuzzRequestGenerator.Routes.Count.ShouldBe(MappedRoutes.All.Count - 1); // all but the end of the stranger's own session
        var before = (
            DatabaseSnapshot.WithoutRefusals(await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id)),
            await DatabaseSnapshot.OfInstallation(server.Installation, stranger.App.Id)
        );
        await SendAll(server, requests, 0, times, victim);
        reached.Count.ShouldBe(FuzzRequestGenerator.Routes.Count);

        // The same with all limits on: what is refused for them is no fault either.
        (await server.Installation.Run("app", "set", stranger.App.Id, "callsPerSecond=5")).ShouldSucceed();
        var limited = await servers.StartOn(server.Installation, null, [.. Nowhere.Select(name => (name, "http://127.0.0.1:1"))]);
        await SendAll(limited, requests, times, times + TestScale.Size(500, 10_000), victim);
        limited.Errors.ShouldBeEmpty($"LATCHKEY_TEST_SEED={Seed}");
        statuses.GetValueOrDefault(429).ShouldBePositive();
        server
            .Log.Where(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal))
            .ShouldBeEmpty($"LATCHKEY_TEST_SEED={Seed}");
        (
            DatabaseSnapshot.WithoutRefusals(await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id)),
            await DatabaseSnapshot.OfInstallation(server.Installation, stranger.App.Id)
        ).ShouldBe(before, $"LATCHKEY_TEST_SEED={Seed}");
        (await victim.User.IsSignedIn()).ShouldBeTrue();
        await victim.App.Login($"una@{victim.Mark}.example", Tenant.Password);
        (await server.Get("/health/ready")).ShouldBeOk();
        brokenOff.ShouldBeLessThanOrEqualTo(times / 100);
        statuses.Keys.ShouldBeSubsetOf(statuses.Keys.Where(status => status < 500 || status == 503));
        statuses.GetValueOrDefault(200).ShouldBeGreaterThan(times / 20, "the requests reach the functions");
        TestScale.RecordFigure(
            37,
            $"{times:N0} random requests to {MappedRoutes.All.Count} routes, {statuses.Count} kinds of status, every answer with "
                + "the security headers"
        );
        TestScale.RecordFigure(
            30,
            $"{times:N0} random requests of nobody and of a stranger: 0 faults, 0 rows of another application changed ({string.Join(", ", statuses.OrderByDescending(one => one.Value).Take(6).Select(one => $"{one.Key}: {one.Value:N0}"))})"
        );
    }

    public void Dispose() => client.Dispose();

    private async Task SendAll(ServerProcess server, FuzzRequestGenerator requests, int from, int to, Tenant victim)
    {
        var next = from - 1;
        await Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        for (var number = Interlocked.Increment(ref next); number < to; number = Interlocked.Increment(ref next))
                        {
                            await Send(requests.Make(server, number), victim, $"LATCHKEY_TEST_SEED={Seed}, request {number}", number);
                        }
                    })
                )
        );
    }

    private async Task Send(HttpRequestMessage request, Tenant victim, string which, int number)
    {
        using (request)
        {
            var what = $"{which}: {request.Method} {request.RequestUri}\n{request.Headers}";
            try
            {
                using var answer = await client.SendAsync(request);
                var reply = await Reply.Read(answer);
                statuses.AddOrUpdate((int)reply.Status, 1, (_, count) => count + 1);
                Judge(reply, request, victim, what);
                if (number < FuzzRequestGenerator.Routes.Count && reply.Status != HttpStatusCode.MethodNotAllowed)
                {
                    reached.TryAdd(FuzzRequestGenerator.Routes[number], (int)reply.Status);
                }
            }
            catch (HttpRequestException e) when (e.InnerException is IOException or SocketException)
            {
                Interlocked.Increment(ref brokenOff); // the server had answered, and did not read the rest
            }
        }
    }

    private static void Judge(Reply reply, HttpRequestMessage request, Tenant victim, string what)
    {
        var isBusy = reply.Status == HttpStatusCode.ServiceUnavailable && reply.Header("Retry-After") is not null;
        (isBusy || (int)reply.Status < 500).ShouldBeTrue($"{what}\n{(int)reply.Status} {reply.Text}");
        var text = reply.Text.Replace($"App {victim.Secret}", "", StringComparison.Ordinal); // the name, which sign-in pages show
        victim.SecretValues.ShouldAllBe(canary => !text.Contains(canary), what);
        reply.Text.ShouldNotContain("   at Latchkey.", Case.Sensitive, what);
        reply.Text.ShouldNotContain("Exception:", Case.Sensitive, what);
        if (reply.Header("X-Content-Type-Options") is null)
        {
            // What is no HTTP at all is refused by the server's first layer, which says nothing but the status and hangs up.
            (reply.Text, reply.Header("Connection")).ShouldBe(("", "close"), what);
            return;
        }

        reply.Header("Content-Security-Policy").ShouldNotBeNullOrEmpty(what);
        reply.Header("Referrer-Policy").ShouldNotBeNullOrEmpty(what);
        var isApi = request.RequestUri!.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal);
        if (
            isApi
            && request.Method != HttpMethod.Head
            && (int)reply.Status >= 400
            && reply.Header("Content-Type")?.StartsWith("text/html", StringComparison.Ordinal) != true
        )
        {
            reply.Json.EnumerateObject().Select(field => field.Name).ShouldBe(["code", "message"], what);
        }
    }

    /// <summary>Forms that the stranger may send, from its own pages.</summary>
    private static async Task<IReadOnlyList<(string Path, Dictionary<string, string> Fields)>> Forms(Tenant stranger)
    {
        var forms = new List<(string Path, Dictionary<string, string> Fields)>();
        foreach (
            var route in MappedRoutes.All.Where(route =>
                route.Method == "GET"
                && route.Pattern.Contains("/{AppId}", StringComparison.Ordinal)
                && !LeftAlone.Any(part => route.Pattern.Contains(part, StringComparison.Ordinal))
            )
        )
        {
            var path = PortalForms.Path(route, stranger.Ids);
            forms.AddRange(
                (await PortalForms.ReadForms(stranger.Owner, path))
                    .Where(form => !form.Keys.Any(name => name is "smtpHost" or "webhookUrl"))
                    .Select(form => (path, form))
            );
        }

        forms.Count.ShouldBeGreaterThan(15);
        return forms;
    }
}
