using System.Text;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Keys of clients that are at an address. One application's addresses take nothing from another's.</summary>
public sealed class ClientKeysTests(ServerFixture servers)
{
    private const string Jwks = """
        {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """;

    [Fact]
    public async Task An_application_fetches_few_addresses_at_a_time_and_holds_up_no_other()
    {
        var (keys, release, slowCalls, quickCalls) = (await Keys(), new TaskCompletionSource(), 0, 0);
        await using var slow = new LoopbackListener(async stream =>
        {
            Interlocked.Increment(ref slowCalls);
            await Answer(stream, release.Task);
        });
        await using var quick = new LoopbackListener(stream =>
        {
            Interlocked.Increment(ref quickCalls);
            return Answer(stream, Task.CompletedTask);
        });
        var waiting = Enumerable.Range(0, 4).Select(i => keys.Find(ClientAt(slow.Port, i), null)).ToList();
        var sameAddress = keys.Find(ClientAt(slow.Port, 0), null);
        var fifth = keys.Find(ClientAt(slow.Port, 4), null);
        fifth.IsCompletedSuccessfully.ShouldBeTrue();
        (await fifth).ShouldBeEmpty();

        var other = ClientAt(quick.Port, 0) with { AppId = "other" };
        (await keys.Find(other, null)).Count.ShouldBe(1);
        (await keys.Find(other, null)).Count.ShouldBe(1);
        quickCalls.ShouldBe(1);

        release.SetResult();
        (await Task.WhenAll([.. waiting, sameAddress])).ShouldAllBe(found => found.Count == 1);
        slowCalls.ShouldBe(4);
        (await keys.Find(ClientAt(slow.Port, 4), null)).Count.ShouldBe(1);
    }

    [Fact]
    public void What_is_kept_of_one_application_never_displaces_anothers()
    {
        var cache = new KeySetCache();
        Keep("ann", 0);
        foreach (var app in Enumerable.Range(0, 60))
        {
            foreach (var address in Enumerable.Range(0, KeySetCache.MaxPerApplication + 10))
            {
                Keep($"app{app}", address);
            }
        }

        cache.Find("ann", "0").ShouldNotBeNull();
        cache.Find("app0", "0").ShouldBeNull();
        cache.Find("app0", "9").ShouldBeNull();
        cache.Find("app0", "10").ShouldNotBeNull();
        cache.Find("app59", $"{KeySetCache.MaxPerApplication}").ShouldBeNull(); // there was no room for it

        void Keep(string app, int address)
        {
            var set = new KeySet([], FetchedAt: address, FreshUntil: address);
            _ = cache.AddFetch(app, $"{address}", Task.FromResult(set));
            cache.EndFetch(app, $"{address}", set);
        }
    }

    private async Task<ClientKeys> Keys() => await (await servers.Unlimited()).Installation.Get<ClientKeys>();

    private static Client ClientAt(int port, int address) =>
        new()
        {
            AppId = "hostile",
            Id = $"client{address}",
            Name = "Client",
            Type = ClientType.Service,
            Secrets = [],
            CreatedAt = 0,
            UpdatedAt = 0,
            Settings = ClientDefaults.Of(ClientType.Service) with { Jwks = "", JwksUri = $"http://127.0.0.1:{port}/{address}" },
        };

    private static async Task Answer(Stream stream, Task when)
    {
        (await stream.ReadAsync(new byte[4096])).ShouldBePositive();
        await when;
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {Jwks.Length}\r\n\r\n{Jwks}")
        );
    }
}
