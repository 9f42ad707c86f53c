using System.Text.Json;

namespace Latchkey.Tests.Tenancy;

/// <summary>Naughty strings in every search, filter, sort and cursor, over HTTP: security.md row 32.</summary>
public sealed class MalformedQueryTests(ServerFixture servers)
{
    private static readonly string[] Names =
    [
        "search",
        "status",
        "sort",
        "after",
        "before",
        "cursor",
        "limit",
        "source",
        "provider",
        "page",
        "days",
        "from",
        "to",
        "action",
        "result",
        "handle",
        "recipient",
        "kind",
        "type",
        "path",
        "locale",
        "saved",
        "done",
    ];

    [Fact]
    public async Task Break_nothing_and_find_nobody_elses_rows()
    {
        var server = await servers.Unlimited();
        var (victim, stranger) = (await Tenant.Create(server), await Tenant.Create(server));
        using var strings = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.TestData, "vectors", "blns.json")));
        var all = strings.RootElement.EnumerateArray().Select(one => one.GetString()!).ToList();
        // Normalising takes no U+FFFE
        var chosen = TestScale.IsLong ? all : all.Where((text, i) => i % 40 == 0 || text.Contains('\uFFFE', StringComparison.Ordinal));
        var lists = MappedRoutes
            .All.Where(route =>
                route.Method == "GET" && route.Pattern.Contains("/{appId}", StringComparison.OrdinalIgnoreCase) && route.IsPortal
            )
            .Select(route => PortalForms.Path(route, stranger.Ids))
            .Append("/portal")
            .ToList();
        lists.Count.ShouldBeGreaterThan(30);
        var admin = await (await PortalAccount.Create(server, "operator", isOperator: true)).SignIn();
        var operators = MappedRoutes
            .All.Where(route =>
                route.Method == "GET"
                && route.Pattern.StartsWith("/portal/operator", StringComparison.Ordinal)
                && !route.Pattern.Contains('{')
            )
            .Select(route => route.Pattern)
            .ToList();
        operators.Count.ShouldBeGreaterThan(6);
        var asked = 0;
        await Parallel.ForEachAsync(
            chosen,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (text, _) =>
            {
                var query = string.Join('&', Names.Select(name => $"{name}={Uri.EscapeDataString(text)}"));
                foreach (var reply in await Answers(query))
                {
                    ((int)reply.Status).ShouldBeLessThan(500, $"{text} {reply.Text}");
                    victim.SecretValues.ShouldAllBe(canary => !reply.Text.Contains(canary), text);
                    Interlocked.Increment(ref asked);
                }
            }
        );
        var sample = all.Where((_, i) => i % 37 == 5).ToList();
        var single = lists
            .SelectMany((list, i) => Names.Select((name, j) => (List: list, Name: name, At: i + j)))
            .Where(one => TestScale.IsLong || one.At % 5 == 0);
        await Parallel.ForEachAsync(
            single,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (one, _) =>
                await IsHarmless(stranger.Owner, $"{one.List}?{one.Name}={Uri.EscapeDataString(sample[one.At % sample.Count])}")
        );
        await Parallel.ForEachAsync(
            operators,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (list, _) =>
            {
                foreach (var text in chosen)
                {
                    await IsHarmless(admin, $"{list}?{string.Join('&', Names.Select(name => $"{name}={Uri.EscapeDataString(text)}"))}");
                }

                foreach (var (at, name) in Names.Index())
                {
                    await IsHarmless(admin, $"{list}?{name}={Uri.EscapeDataString(sample[at % sample.Count])}");
                }
            }
        );

        TestScale.RecordFigure(
            32,
            $"{asked:N0} lists with naughty strings in all of {Names.Length} parameters or in one: no 5xx, 0 foreign rows"
        );

        async Task IsHarmless(PortalClient visitor, string list)
        {
            var reply = await visitor.Get(list);
            ((int)reply.Status).ShouldBeLessThan(500, $"{list} {reply.Text}");
            victim.SecretValues.ShouldAllBe(canary => visitor == admin || !reply.Text.Contains(canary), list);
            Interlocked.Increment(ref asked);
        }

        async Task<IReadOnlyList<Reply>> Answers(string query)
        {
            var replies = new List<Reply> { await stranger.App.SendAsServer(HttpMethod.Get, $"users?{query}") };
            foreach (var list in lists)
            {
                replies.Add(await stranger.Owner.Get($"{list}?{query}"));
            }

            return replies;
        }
    }
}
