using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Applications.Realm;

/// <summary>Configures a Realm application for an application's user JWTs, or undoes that. Idempotent.</summary>
public sealed class RealmRules(
    Database database,
    SigningKeyRules signingKeys,
    AppServicesClient client,
    RealmStore store,
    RateLimits limits,
    AuditStore audit,
    InstallationSettings installation,
    TimeProvider clock
)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(45);

    /// <summary>Finds or creates the secret and the provider, and updates them to match the application.</summary>
    /// <param name="app">The application with the key and metadata fields.</param>
    /// <param name="keys">Used for this run only.</param>
    /// <param name="signing">A <see cref="RealmSigning"/>.</param>
    /// <param name="developer">The developer.</param>
    public async Task<RealmRunResult> Configure(ApplicationRow app, AtlasApiKey keys, string signing, Actor developer)
    {
        var publicKey = await signingKeys.PublicKey(app.Id) ?? "";
        var provider = RealmTokenProvider.Document(ApplicationRules.SettingsOf(app), signing, JwksAddress(app.Id));
        return await Run(app, keys, developer, "configureRealm", signing, work => work.Configure(signing, publicKey, provider));
    }

    /// <summary>Removes the provider and the secret.</summary>
    public async Task<RealmRunResult> Undo(ApplicationRow app, AtlasApiKey keys, Actor developer) =>
        await Run(app, keys, developer, "undoRealm", (await Last(app.Id))?.Signing ?? RealmSigning.Secret, work => work.Undo());

    /// <summary>The result of the last completed run; null when there was none.</summary>
    public Task<RealmConfiguration?> Last(string appId) => database.Read(db => store.Find(db, appId));

    /// <summary>The URL from which App Services would fetch the application's keys.</summary>
    public string JwksAddress(string appId) => $"{installation.IssuerOf(appId)}/.well-known/jwks.json";

    /// <summary>
    /// Runs the steps. A failed run keeps the recorded configuration of the last completed one, except for the content of the secret.
    /// </summary>
    private async Task<RealmRunResult> Run(
        ApplicationRow app,
        AtlasApiKey keys,
        Actor developer,
        string action,
        string signing,
        Func<RealmConfigurator, Task<Error?>> work
    )
    {
        if (await Validate(app, developer) is { } refused)
        {
            return new([], refused);
        }

        using var patience = new CancellationTokenSource(Timeout, clock);
        var before = await Last(app.Id);
        var run = new RealmConfigurator(before?.SecretKey ?? "");
        var stopped = await Connect(run, app, keys, patience.Token) ?? await work(run);
        var done = (before ?? new RealmConfiguration { AppId = app.Id }) with { SecretKey = run.SecretKey };
        await database.Write(async db =>
        {
            await audit.Add(
                db,
                new AuditEntry(app.Id, action, "", developer)
                {
                    Code = stopped?.Code ?? 0,
                    Detail = string.Join(' ', [.. stopped is null ? Array.Empty<string>() : [stopped.Message], .. run.Lines]),
                }
            );
            await store.Save(
                db,
                stopped is not null
                    ? done
                    : done with
                    {
                        Signing = signing,
                        Report = string.Join('\n', run.Lines),
                        ConfiguredBy = developer.Name,
                        ConfiguredAt = clock.Now(),
                    }
            );
        });
        return new(run.Lines, stopped);
    }

    private async Task<Error?> Validate(ApplicationRow app, Actor developer)
    {
        if (ApplicationRules.SettingsOf(app).RealmAppId.Length == 0)
        {
            return RealmErrors.NoRealmAppId;
        }

        return await limits.TryAcquire("portal", new RateLimitRequest(DefaultLimits.AppServicesCalls, developer.Name)) is { } tooMany
            ? tooMany with
            {
                Message = "Too many attempts. Please wait a few minutes.",
            }
            : null;
    }

    private async Task<Error?> Connect(RealmConfigurator run, ApplicationRow app, AtlasApiKey keys, CancellationToken stop)
    {
        var loggedIn = await AppServicesSession.LogIn(client, keys, stop);
        return loggedIn.Failed(out var session, out var refused)
            ? refused
            : await run.Find(session, ApplicationRules.SettingsOf(app).RealmAppId);
    }
}
