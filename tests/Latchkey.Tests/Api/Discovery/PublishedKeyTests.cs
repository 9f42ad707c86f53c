using System.Buffers.Text;
using System.Net;

namespace Latchkey.Tests.Api.Discovery;

/// <summary>Anyone can check a user JWT with what is published, by tools that we did not write.</summary>
public sealed class PublishedKeyTests(ServerFixture servers)
{
    [Fact]
    public async Task Openssl_verifies_a_jwt_with_the_published_pem()
    {
        var ann = await Ann();
        var folder = Directory.CreateTempSubdirectory("latchkey-openssl-").FullName;
        var parts = ann.Jwt.Split('.');
        await File.WriteAllTextAsync(
            Path.Combine(folder, "key.pem"),
            (await ann.App.Server.Get($"/apps/{ann.App.Id}/public-key.pem")).ShouldBeOk().Text
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "signed"), $"{parts[0]}.{parts[1]}");
        await File.WriteAllBytesAsync(Path.Combine(folder, "signature"), Base64Url.DecodeFromChars(parts[2]));
        string[] verify =
        [
            "dgst",
            "-sha256",
            "-verify",
            Path.Combine(folder, "key.pem"),
            "-signature",
            Path.Combine(folder, "signature"),
            Path.Combine(folder, "signed"),
        ];
        (await ChildProcess.Run("openssl", verify)).ShouldContain("Verified OK");

        await File.AppendAllTextAsync(Path.Combine(folder, "signed"), "x");
        await Should.ThrowAsync<InvalidOperationException>(ChildProcess.Run("openssl", verify));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_key_set_names_kid_use_and_algorithm_and_no_private_part()
    {
        var ann = await Ann();
        var reply = (await ann.App.Server.Get($"/apps/{ann.App.Id}/.well-known/jwks.json")).ShouldBeOk();
        var key = reply.Json.GetProperty("keys").EnumerateArray().Single();
        key.EnumerateObject().Select(p => p.Name).ShouldBe(["kty", "n", "e", "use", "alg", "kid"]);
        key.GetProperty("kid").GetString().ShouldBe(ann.Header.GetProperty("kid").GetString());
        reply.Header("Cache-Control").ShouldBe("public, max-age=300");
    }

    [Theory]
    [InlineData(".well-known/jwks.json")]
    [InlineData(".well-known/openid-configuration")]
    [InlineData("public-key.pem")]
    public async Task An_unknown_application_has_none(string path)
    {
        (await servers.Main.Get($"/apps/{new string('0', 32)}/{path}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await servers.Main.Get($"/apps/short/{path}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<LoggedInUser> Ann() =>
        await (await servers.Main.CreateRsaApp("signupFlow=none", "realmAppId=realm-1")).CreateUser("ann@example.com");
}
