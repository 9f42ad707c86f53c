using Latchkey.Tests.Api.Passkeys;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>The ways through passkeys as second factors.</summary>
public static class PasskeyFactorFlows
{
    /// <summary>An application whose users can have passkeys as second factors, with the claims amr and acr.</summary>
    public static Task<App> CreateAppWithPasskeyFactor(this ServerProcess server, string policy, params string[] settings) =>
        server.CreateAppWithPolicy(
            policy,
            [
                "passkeysEnabled=1",
                "passkeyRpId=example.org",
                "sessionMode=refresh",
                .. settings.Any(one => one.StartsWith("secondFactors=", StringComparison.Ordinal))
                    ? Array.Empty<string>()
                    : ["secondFactors=passkey"],
                .. settings,
            ]
        );

    /// <summary>The options of the passkey for a login that waits for its second factor.</summary>
    public static Task<Reply> AskForPasskey(this LoginStep step) => step.App.Post("passkeyLoginOptions", new { loginToken = step.Token });

    public static async Task<Reply> CompleteWith(this LoginStep step, SoftAuthenticator authenticator)
    {
        var asked = await step.AskForPasskey();
        return await step.CompletePasskey(asked.RequestToken(), authenticator.Sign(asked.Json));
    }

    public static Task<Reply> CompletePasskey(this LoginStep step, string requestToken, string credential) =>
        step.App.Post(
            "loginComplete",
            new
            {
                loginToken = step.Token,
                method = "passkey",
                requestToken,
                credential,
            }
        );

    /// <summary>Sets the passkey up during the login.</summary>
    public static async Task<Reply> EnrollWith(this LoginStep step, SoftAuthenticator authenticator)
    {
        var asked = await step.StartEnrollment("passkey");
        return await step.CompletePasskey(asked.RequestToken(), authenticator.Register(asked.Json));
    }

    public static async Task<Reply> StepUpWith(this LoggedInUser user, SoftAuthenticator authenticator)
    {
        var asked = await user.Post("stepUpFactor", new { method = "passkey" });
        return await user.Post("stepUp", new { requestToken = asked.RequestToken(), credential = authenticator.Sign(asked.Json) });
    }

    public static async Task<Reply> DeletePasskey(this LoggedInUser user) =>
        await user.Post("passkeyDelete", new { id = (await user.Passkey()).GetProperty("id").GetString() });

    /// <summary>How many passkeys of the user count.</summary>
    public static Task<long> PasskeyCount(this App app) =>
        app.Installation.Query<long>("SELECT SUM(passkey_count) FROM users WHERE app_id = @Id", new { app.Id });
}
