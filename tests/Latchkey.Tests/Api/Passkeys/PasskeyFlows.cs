using System.Text.Json;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>The ways through an application that has passkeys.</summary>
public static class PasskeyFlows
{
    /// <summary>Settings of an application whose passkeys <see cref="SoftAuthenticator"/> makes.</summary>
    public static readonly string[] Settings = ["signupFlow=none", "passkeysEnabled=1", "passkeyRpId=example.org"];

    public static async Task<Reply> Ask(this LoggedInUser user) => await user.Post("passkeyOptions", new { });

    /// <summary>Registers the authenticator's passkey. Returns the answer of passkeyRegister.</summary>
    public static async Task<Reply> AddPasskey(this LoggedInUser user, SoftAuthenticator authenticator, string? name = null)
    {
        var asked = (await user.Ask()).ShouldBeOk().Json;
        return await user.Register(asked.GetProperty("request-token").GetString()!, authenticator.Register(asked), name);
    }

    public static Task<Reply> Register(this LoggedInUser user, string requestToken, string credential, string? name = null) =>
        user.Post(
            "passkeyRegister",
            new
            {
                requestToken,
                credential,
                name,
            }
        );

    public static async Task<Reply> LoginWithPasskey(this App app, SoftAuthenticator authenticator)
    {
        var asked = (await app.Post("passkeyLoginOptions", new { })).ShouldBeOk().Json;
        return await app.PasskeyLogin(asked.GetProperty("request-token").GetString()!, authenticator.Sign(asked));
    }

    public static Task<Reply> PasskeyLogin(this App app, string requestToken, string credential) =>
        app.Post("passkeyLogin", new { requestToken, credential });

    public static string RequestToken(this Reply asked) => asked.ShouldBeOk().Json.GetProperty("request-token").GetString()!;

    /// <summary>The causes of a function's refusals, by the application's log, oldest first.</summary>
    public static async Task<string[]> CausesOf(this App app, string function)
    {
        var database = await app.Installation.Get<Database>();
        return
        [
            .. await database.Read(db =>
                db.QueryAsync<string>(
                    "SELECT detail FROM audit WHERE app_id = @Id AND action = @function AND code <> 0 ORDER BY id",
                    new { app.Id, function }
                )
            ),
        ];
    }

    public static async Task<JsonElement> Passkeys(this LoggedInUser user) => (await user.Get("passkeys")).ShouldBeOk().Json;

    /// <summary>The user's only passkey, as passkeys lists it.</summary>
    public static async Task<JsonElement> Passkey(this LoggedInUser user) =>
        (await user.Passkeys()).GetProperty("passkeys").EnumerateArray().Single();
}
