using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Applications.Credentials;

/// <summary>Manages App Secrets: one per server of the application, and an additional one during a rotation.</summary>
public sealed class AppSecretRules(
    Database database,
    CredentialUpdater credentials,
    CredentialStore store,
    AuditStore audit,
    TimeProvider clock
)
{
    private const int MaxLabelLength = 60;

    private static readonly Error NoSuchSecret = CredentialUpdater.Invalid("This application has no such App Secret.");

    /// <summary>Valid secrets, newest first; empty when the application does not exist.</summary>
    public Task<IReadOnlyList<AppSecretRow>> List(string appId) => database.Read(db => store.Secrets(db, appId, clock.Now()));

    /// <summary>Creates another secret; existing ones stay valid. 602 for a label that is too long, or too many secrets.</summary>
    public Task<Result<CreatedSecret>> Add(string appId, string label, Actor actor) =>
        credentials.Apply<CreatedSecret>(
            appId,
            async (db, _) =>
            {
                var (now, name) = (clock.Now(), label.Trim());
                if (name.Length > MaxLabelLength || name.Any(char.IsControl) || !Field.IsStorable(name))
                {
                    return CredentialUpdater.Invalid($"A label can have at most {MaxLabelLength} characters on one line.");
                }

                if ((await store.Secrets(db, appId, now)).Count >= CredentialUpdater.MaxPerApplication)
                {
                    return CredentialUpdater.Invalid(
                        $"An application can have at most {CredentialUpdater.MaxPerApplication} valid App Secrets. End one first."
                    );
                }

                var text = Secrets.Token();
                var row = new AppSecretRow
                {
                    Hash = Secrets.Hash(text),
                    Label = name,
                    CreatedAt = now,
                };
                await store.InsertSecret(db, appId, row);
                await Log(db, appId, "addAppSecret", row, actor);
                return new CreatedSecret(text, row);
            }
        );

    /// <summary>Lets a secret expire in <paramref name="graceDays"/> days; 0 for immediately.</summary>
    public Task<Result<Done>> End(string appId, string fingerprint, int graceDays, Actor actor) =>
        credentials.Apply<Done>(
            appId,
            async (db, _) =>
            {
                if (CredentialUpdater.ValidateGraceDays(graceDays) is { } bad)
                {
                    return bad;
                }

                if (
                    (await store.Secrets(db, appId, clock.Now())).FirstOrDefault(secret => secret.Fingerprint == fingerprint) is not { } row
                )
                {
                    return NoSuchSecret;
                }

                await store.EndSecret(db, appId, row.Hash, CredentialUpdater.AddDays(clock.Now(), graceDays));
                await Log(db, appId, "endAppSecret", row, actor, CredentialUpdater.FormatDelay(graceDays));
                return default(Done);
            }
        );

    /// <summary>Removes the expiry of a secret that is still valid.</summary>
    public Task<Result<Done>> Keep(string appId, string fingerprint, Actor actor) =>
        credentials.Apply<Done>(
            appId,
            async (db, _) =>
            {
                if (
                    (await store.Secrets(db, appId, clock.Now())).FirstOrDefault(secret => secret.Fingerprint == fingerprint) is not { } row
                )
                {
                    return NoSuchSecret;
                }

                await store.EndSecret(db, appId, row.Hash, null);
                await Log(db, appId, "keepAppSecret", row, actor);
                return default(Done);
            }
        );

    private Task Log(
        System.Data.Common.DbConnection db,
        string appId,
        string action,
        AppSecretRow secret,
        Actor actor,
        string? more = null
    ) =>
        audit.Add(
            db,
            new AuditEntry(appId, action, "", actor)
            {
                Detail = $"{secret.Fingerprint}{(secret.Label.Length > 0 ? $" ({secret.Label})" : "")}{(more is null ? "" : $", {more}")}",
            }
        );
}
