using Latchkey.Cryptography;
using Latchkey.Tests.Applications.Credentials;

namespace Latchkey.Tests.Provider;

/// <summary>The signing key of an application changes while clients exchange codes: none of them notices.</summary>
public sealed class SigningKeyChangeTests(ServerFixture servers)
{
    private const int Clients = 4;

    [Fact]
    public async Task CORE_26_Code_exchanges_during_a_rotation_of_the_key_all_succeed()
    {
        var provider = await ProviderApp.Create(servers);
        var (client, ann) = (await provider.AddClient(), await provider.App.CreateUser(ProviderCalls.Ann));
        var (number, done, rotated) = (TestScale.Size(200, 10_000), 0, new TaskCompletionSource());
        var exchanging = Enumerable.Range(0, Clients).Select(_ => Task.Run(Exchange)).ToArray();
        await WaitUntil.IsTrue("a quarter is done", () => Task.FromResult(Volatile.Read(ref done) > number / 4));
        var id = await provider.App.RotateTo(JwsKey.Rs256);
        rotated.SetResult();
        var last = (await Task.WhenAll(exchanging))[^1];
        KeyOf(last).ShouldBe(id);

        async Task<string> Exchange()
        {
            while (Interlocked.Increment(ref done) <= number || !rotated.Task.IsCompleted)
            {
                var token = await Issue();
                await token.ShouldBeSignedBy(provider);
                (await provider.UserInfo(token)).ShouldBeOk();
            }

            return await Issue();
        }

        async Task<string> Issue()
        {
            var tokens = (await client.Exchange(await provider.IssueCode(client, ann))).ShouldBeOk();
            await tokens.Text("id_token").ShouldBeSignedBy(provider);
            return tokens.Text("access_token");
        }
    }

    [Fact]
    public async Task D_17_ServerRotateKeys_the_new_key_is_published_and_still_the_old()
    {
        var provider = await ProviderApp.Create(servers);
        var client = await provider.AddClient();
        var old = (await client.SignIn()).Text("id_token");
        var id = await provider.App.RotateTo(JwsKey.Rs256);
        (await provider.App.Published()).ShouldBe([KeyOf(old), id], ignoreOrder: true);
        await old.ShouldBeSignedBy(provider);
        var next = (await client.SignIn(handle: "ben@example.com")).Text("id_token");
        KeyOf(next).ShouldBe(id);
        await next.ShouldBeSignedBy(provider);
    }

    [Fact]
    public async Task CORE_26_Caches_keep_the_keys_for_a_limited_time()
    {
        var reply = await (await ProviderApp.Create(servers)).Get(".well-known/jwks.json");
        reply.ShouldBeOk().Header("Cache-Control").ShouldBe("public, max-age=300");
    }

    private static string KeyOf(string token) => LoggedInUser.DecodePart(token, 0).GetProperty("kid").GetString()!;
}
