using System.Text.Json;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Applications.Credentials;

/// <summary>What developers do with an application's keys, by the command line.</summary>
internal static class KeyCommandSteps
{
    /// <summary>The ids in JWKS, as the server publishes them now.</summary>
    public static async Task<IReadOnlyList<string>> Published(this App app) =>
        [
            .. (await app.Server.Get($"/apps/{app.Id}/.well-known/jwks.json"))
                .ShouldBeOk()
                .Json.GetProperty("keys")
                .EnumerateArray()
                .Select(key => key.GetProperty("kid").GetString()!),
        ];

    /// <summary>Announces a key and waits until the server publishes it.</summary>
    public static async Task<string> Announce(this App app, string algorithm = JwsKey.Rs256)
    {
        var id = (await app.Installation.Run("app", "key", "add", app.Id, "--algorithm", algorithm)).ShouldSucceed().Output.Trim();
        await WaitUntil.IsTrue("the server publishes the key", async () => (await app.Published()).Contains(id));
        return id;
    }

    /// <summary>As if a key had been announced so long ago.</summary>
    public static Task AnnouncedBefore(this App app, string id, TimeSpan ago) =>
        app.Installation.Execute(
            "UPDATE signing_keys SET created_at = created_at - @by WHERE id = @id",
            new { id, by = (long)ago.TotalMilliseconds }
        );

    /// <summary>Activates a key and waits until the server signs with it.</summary>
    public static async Task Activate(this App app, string id, params string[] options)
    {
        (await app.Installation.Run(["app", "key", "activate", app.Id, id, .. options])).ShouldSucceed();
        await WaitUntil.IsTrue(
            "the server publishes the key in use",
            async () =>
                (await app.Server.Get($"/apps/{app.Id}/public-key.pem")).Text.Trim()
                == (await app.Listed(id)).GetProperty("publicKey").GetString()
        );
    }

    /// <summary>Announces a key and activates it when it has been known long enough.</summary>
    public static async Task<string> RotateTo(this App app, string algorithm)
    {
        var id = await app.Announce(algorithm);
        await app.AnnouncedBefore(id, SigningKeys.AnnouncementPeriod);
        await app.Activate(id);
        return id;
    }

    public static async Task<JsonElement> Listed(this App app, string id) =>
        (await app.Installation.Run("app", "key", "list", app.Id, "--json"))
            .ShouldSucceed()
            .Json.EnumerateArray()
            .Single(key => key.GetProperty("keyId").GetString() == id);

    public static string KeyId(this LoggedInUser user) => user.Header.GetProperty("kid").GetString()!;

    public static Task<Reply> Verify(this App app, string token) => app.SendAsServer(HttpMethod.Post, "verify", new { token });
}
