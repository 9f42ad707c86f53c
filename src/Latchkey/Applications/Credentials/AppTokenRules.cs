using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Applications.Credentials;

/// <summary>
/// Rotation of App Tokens. Copies of one sit in every installed copy of the app, so an old one goes on for a time of grace; one
/// without an end is always there.
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
    /// <summary>Days in which users have the time to update their app.</summary>
    public const int DefaultGraceDays = 30;

    private static readonly Error NoSuchToken = CredentialUpdater.Invalid("This application has no such App Token.");

    /// <summary>The live ones, newest first; none when there is no such application.</summary>
    public Task<IReadOnlyList<AppTokenRow>> List(string appId) => database.Read(db => store.Tokens(db, appId, clock.Now()));

    /// <summary>The newest one, as apps carry it; null when there is no such application.</summary>
    public async Task<string?> Current(string appId) =>
        await database.Read(db => store.NewestToken(db, appId)) is { } row ? Text(row) : null;

    public string Text(AppTokenRow token) => tokens.Write(token.Token);

    /// <summary>
    /// Makes another App Token; those without an end get one in so many days, 0 for at once. 602 for other numbers, or too many tokens.
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

    /// <summary>
    /// Gives a token an end. 602 when it is the last one without an end: there must be one that goes into new copies of the app.
    /// </summary>
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

    /// <summary>Takes back the end of a token that is still live.</summary>
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
