using System.Text.Json;

namespace Latchkey.Tests.Operations.KeyRotation;

/// <summary>Refresh tokens when the key goes under which their grants were encrypted.</summary>
public sealed class RefreshTokenKeyRotationTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task They_outlive_the_old_key()
    {
        var server = await servers.Start("--limits", "off");
        var installation = server.Installation;
        var app = await server.CreateApp("signupFlow=none", "sessionMode=refresh");
        await app.CreateUser(Ann);
        var first = await app.Login(Ann);
        var second = await first.Refresh();
        var old = (await Keys(installation)).Single();
        (await installation.Run("keyring", "rotate", "--after", "0")).ShouldSucceed();
        await WaitUntil.IsTrue("the new key is active", async () => (await Keys(installation))[0].Seals);
        (await server.Stop()).ShouldBe(0);
        (await installation.Run("keyring", "reseal")).ShouldSucceed();
        var renewed = (await installation.Run("app", "token", "renew", app.Id, "--old-ends-in", "0")).ShouldSucceed().Output.Trim();
        File.Delete(Path.Combine(installation.DataFolder, "keys", $"{old.Id}.key"));

        var again = app with { Server = await servers.StartOn(installation, ["--limits", "off"]), Token = renewed };
        (await (second with { App = again }).TryGetUser()).ShouldFailWith(405); // access tokens are signed with the key ring
        (await (first with { App = again }).Refresh()).RefreshToken.ShouldBe(second.RefreshToken);
        (await (await (second with { App = again }).Refresh()).TryGetUser()).ShouldBeOk();
    }

    private static async Task<IReadOnlyList<Key>> Keys(TestInstallation installation) =>
        JsonSerializer.Deserialize<List<Key>>(
            (await installation.Run("keyring", "list", "--json")).ShouldSucceed().Output,
            JsonSerializerOptions.Web
        )!;

    private sealed record Key(string Id, bool Seals);
}
