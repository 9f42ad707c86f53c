using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Applications.Settings;
using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>What clients and APIs ask of the provider, and what an outsider can check.</summary>
public static class ProviderCalls
{
    public const string Ann = "ann@example.com";

    /// <summary>A user who signed in, and the tokens that a client got for its code.</summary>
    public static async Task<Reply> SignIn(this ProviderClient client, string scope = "openid offline_access", string handle = Ann) =>
        (await client.Exchange(await client.Provider.IssueCode(client, await client.Provider.App.CreateUser(handle), scope))).ShouldBeOk();

    public static Task<Reply> Refresh(this ProviderClient client, string token, params (string Name, string Value)[] more) =>
        client.Token([("grant_type", GrantType.RefreshToken), ("refresh_token", token), .. more]);

    /// <summary>A call of another endpoint with the client's usual proof.</summary>
    public static Task<Reply> Call(this ProviderClient client, string endpoint, params (string Name, string Value)[] form) =>
        client.Secret is null
            ? client.Provider.Post(endpoint, [("client_id", client.Id), .. form])
            : client.Provider.Post(endpoint, form, client.Basic);

    public static Task<Reply> Introspect(this ProviderClient client, string token) => client.Call("introspect", ("token", token));

    public static Task<Reply> Revoke(this ProviderClient client, string token) => client.Call("revoke", ("token", token));

    public static Task<Reply> Get(this ProviderApp provider, string path, params (string Name, string Value)[] headers) =>
        provider.App.Server.Get($"/apps/{provider.Id}/{path}", headers);

    public static Task<Reply> UserInfo(this ProviderApp provider, string token, string scheme = "Bearer") =>
        provider.Get("oauth2/userinfo", ("Authorization", $"{scheme} {token}"));

    public static bool IsActive(this Reply introspection) => introspection.ShouldBeOk().Json.GetProperty("active").GetBoolean();

    public static IReadOnlyList<string?> Names(this JsonElement array) => [.. array.EnumerateArray().Select(one => one.GetString())];

    /// <summary>Checks the signature by the published key, with nothing of ours.</summary>
    public static async Task ShouldBeSignedBy(this string token, ProviderApp provider)
    {
        var header = LoggedInUser.DecodePart(token, 0);
        var keys = (await provider.Get(".well-known/jwks.json")).ShouldBeOk().Json.GetProperty("keys").EnumerateArray();
        var key = keys.Single(one => one.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        header.GetProperty("alg").GetString().ShouldBe("RS256");
        using var rsa = RSA.Create(
            new RSAParameters
            {
                Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
                Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
            }
        );
        var parts = token.Split('.');
        var (signed, signature) = ($"{parts[0]}.{parts[1]}", Base64Url.DecodeFromChars(parts[2]));
        rsa.VerifyData(Encoding.ASCII.GetBytes(signed), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
    }

    /// <summary>The causes in the application's log of refusals of a function, the newest first.</summary>
    public static async Task<IReadOnlyList<string>> Causes(this ProviderApp provider, string action)
    {
        var database = await provider.Installation.Get<Database>();
        return
        [
            .. await database.Read(db =>
                Dapper.SqlMapper.QueryAsync<string>(
                    db,
                    "SELECT detail FROM audit WHERE app_id = @Id AND action = @action AND code <> 0 ORDER BY at DESC, id DESC",
                    new { provider.Id, action }
                )
            ),
        ];
    }

    public static Task<long> Count(this ProviderApp provider, string table) =>
        provider.Installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id", new { provider.Id });

    /// <summary>Changes settings of the application, and waits until the running server follows.</summary>
    public static async Task Change(this ProviderApp provider, Func<ApplicationSettings, ApplicationSettings> change)
    {
        var (database, dialect) = (await provider.Installation.Get<Database>(), await provider.Installation.Get<Dialect>());
        var (settings, revision) = await provider.Installation.Query<(string, long)>(
            "SELECT settings, revision FROM applications WHERE id = @Id",
            new { provider.Id }
        );
        var changed = SettingsDocument.Write(change(SettingsDocument.Read(settings)));
        await database.Write(async db =>
        {
            await Dapper.SqlMapper.ExecuteAsync(
                db,
                "UPDATE applications SET settings = @changed, revision = @next WHERE id = @Id",
                new
                {
                    provider.Id,
                    changed,
                    next = revision + 1,
                }
            );
            await dialect.AnnounceChange(db, provider.Id);
        });
        await WaitUntil.IsTrue(
            "the server follows",
            async () => (await provider.App.Get("getApplication")).Header("ETag") == $"\"{revision + 1}-{provider.Id}\""
        );
    }
}
