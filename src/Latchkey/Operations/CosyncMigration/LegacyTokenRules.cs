using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>Whether and until when tokens of the CosyncJWT server are accepted.</summary>
public sealed class LegacyTokenRules(
    Database database,
    ApplicationStore applications,
    SigningKeyStore signingKeys,
    LegacyCredentialStore store,
    SessionStore sessions,
    ApplicationCache cache,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "oldTokens";

    /// <summary>Accepts the old App Token, and access tokens for <paramref name="days"/> days from now.</summary>
    public Task<Result<Done>> Accept(string appId, string publicKeyPem, int days, Actor actor)
    {
        if (LegacyServer.ReadKey(publicKeyPem) is null)
        {
            return Task.FromResult<Result<Done>>(
                Setting.Invalid("The old server's public key must be an RSA key of 2048 or more bits in PEM.")
            );
        }

        var now = clock.Now();
        var until = now + (long)TimeSpan.FromDays(days).TotalMilliseconds;
        return Change(
            appId,
            actor,
            $"accepted, access tokens for {days} days",
            async db =>
            {
                if (
                    (await signingKeys.ListByApplication(db, appId)).Any(key =>
                        key.Algorithm == JwsKey.Rs256 && IsSame(key.PublicKey, publicKeyPem)
                    )
                )
                {
                    return Setting.Invalid(
                        "This is the application's own key. Use the key with which the old server signed its App Tokens."
                    );
                }

                if (!await store.SetLegacyKey(db, appId, publicKeyPem, until))
                {
                    return Setting.Invalid("The application was not imported from another server.");
                }

                await sessions.SetImportedExpiry(db, appId, LegacyServer.SessionId(""), until);
                return default(Done);
            }
        );
    }

    /// <summary>Stops accepting all tokens of the old server.</summary>
    public Task<Result<Done>> Refuse(string appId, Actor actor) =>
        Change(
            appId,
            actor,
            "refused",
            async db =>
            {
                await store.SetLegacyKey(db, appId, publicKey: null, 0);
                await sessions.SetImportedExpiry(db, appId, LegacyServer.SessionId(""), clock.Now());
                return default(Done);
            }
        );

    private async Task<Result<Done>> Change(
        string appId,
        Actor actor,
        string detail,
        Func<System.Data.Common.DbConnection, Task<Result<Done>>> change
    )
    {
        var changed = await database.Write<Result<Done>>(async db =>
        {
            if (await applications.FindForUpdate(db, appId) is null)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            await audit.Add(db, new AuditEntry(appId, Action, "", actor) { Detail = detail });
            return await change(db);
        });
        cache.Invalidate(appId);
        return changed;
    }

    private static bool IsSame(string one, string other)
    {
        using var first = System.Security.Cryptography.RSA.Create();
        using var second = System.Security.Cryptography.RSA.Create();
        first.ImportFromPem(one);
        second.ImportFromPem(other);
        return first.ExportParameters(false).Modulus.AsSpan().SequenceEqual(second.ExportParameters(false).Modulus);
    }
}
