using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Applications.Credentials;

/// <summary>
/// Rotates App Tokens. Installed copies of an app contain one, so an old token stays valid for a grace period. One token without an
/// expiry always exists.
/// </summary>
public sealed class AppTokenRules(
    Database database,
    CredentialUpdater credentials,
    CredentialStore store,
    AuditStore audit,
    InstallationTokens tokens,
    KeyRing ring,
    TimeProvider clock
)
{
    /// <summary>Default time for users to update their app, in days.</summary>
    public const int DefaultGraceDays = 30;

    private static readonly Error NoSuchToken = CredentialUpdater.Invalid("This application has no such App Token.");

    /// <summary>Valid tokens, newest first; empty when the application does not exist.</summary>
    public Task<IReadOnlyList<AppTokenRow>> List(string appId) => database.Read(db => store.Tokens(db, appId, clock.Now()));

    /// <summary>The newest token as text; null when the application does not exist.</summary>
    public async Task<string?> Current(string appId) =>
        await database.Read(db => store.NewestToken(db, appId)) is { } row ? Text(row) : null;

    public string Text(AppTokenRow token) => tokens.Write(token.Token);

    /// <summary>
    /// Creates another App Token. Tokens without an expiry expire in <paramref name="graceDays"/> days; 0 for immediately. 602 for an
    /// invalid number, or too many tokens.
    /// </summary>
    public Task<Result<AppTokenRow>> Renew(string appId, int graceDays, Actor actor) =>
        credentials.Apply<AppTokenRow>(
            appId,
            async (db, _) =>
            {
                var now = clock.Now();
                var live = await store.Tokens(db, appId, now);
                if (CredentialUpdater.ValidateGraceDays(graceDays) is { } bad)
                {
                    return bad;
                }

                if (live.Count(token => token.ExpiresAt is not null || graceDays > 0) >= CredentialUpdater.MaxPerApplication)
                {
                    return CredentialUpdater.Invalid(
                        $"An application can have at most {CredentialUpdater.MaxPerApplication} valid App Tokens. End one first."
                    );
                }

                foreach (var old in live.Where(token => token.ExpiresAt is null))
                {
                    await store.EndToken(db, appId, old.Id, CredentialUpdater.AddDays(now, graceDays));
                }

                var token = new AppTokenRow
                {
                    Id = Ids.New(clock),
                    AppId = appId,
                    IssuedAt = now / 1000,
                    RingKey = ring.CurrentId,
                };
                await store.InsertToken(db, token.Token);
                await audit.Add(
                    db,
                    new AuditEntry(appId, "renewAppToken", "", actor)
                    {
                        Detail = $"{token.Id}; older ones end {CredentialUpdater.FormatDelay(graceDays)}",
                    }
                );
                return token;
            }
        );

    /// <summary>Sets a token's expiry. 602 when it is the last one without an expiry: new copies of the app need one.</summary>
    public Task<Result<Done>> End(string appId, string tokenId, int graceDays, Actor actor) =>
        SetEnd(
            appId,
            tokenId,
            actor,
            graceDays,
            (token, live) =>
                live.Any(other => other.Id != token.Id && other.ExpiresAt is null) || token.ExpiresAt is not null
                    ? null
                    : CredentialUpdater.Invalid(
                        "This is the only App Token that does not expire. Renew it instead, to get a new one for the app."
                    )
        );

    /// <summary>Removes the expiry of a token that is still valid.</summary>
    public Task<Result<Done>> Keep(string appId, string tokenId, Actor actor) => SetEnd(appId, tokenId, actor, null, (_, _) => null);

    private Task<Result<Done>> SetEnd(
        string appId,
        string tokenId,
        Actor actor,
        int? graceDays,
        Func<AppTokenRow, IReadOnlyList<AppTokenRow>, Error?> refuse
    ) =>
        credentials.Apply<Done>(
            appId,
            async (db, _) =>
            {
                var live = await store.Tokens(db, appId, clock.Now());
                if (live.FirstOrDefault(token => token.Id == tokenId) is not { } token)
                {
                    return NoSuchToken;
                }

                var refused = graceDays is { } days ? CredentialUpdater.ValidateGraceDays(days) : null;
                refused ??= refuse(token, live);
                if (refused is not null)
                {
                    return refused;
                }

                await store.EndToken(db, appId, tokenId, graceDays is { } grace ? CredentialUpdater.AddDays(clock.Now(), grace) : null);
                await audit.Add(
                    db,
                    new AuditEntry(appId, graceDays is null ? "keepAppToken" : "endAppToken", "", actor)
                    {
                        Detail = graceDays is { } left ? $"{tokenId}, {CredentialUpdater.FormatDelay(left)}" : tokenId,
                    }
                );
                return default(Done);
            }
        );
}
