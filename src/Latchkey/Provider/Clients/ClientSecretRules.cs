using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Provider.Clients;

/// <summary>Manages the secrets of clients: several at once, so that one can be replaced without an interruption.</summary>
public sealed class ClientSecretRules(Database database, ClientStore store, AuditStore audit, TimeProvider clock)
{
    public const int MaxSecrets = 5;
    private const int IdLength = 8;
    private const int HintLength = 4;
    private const string IdAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>Whether a client with these settings proves itself by a secret.</summary>
    public static bool UsesSecrets(ClientSettings settings) =>
        settings.Authentication is not (ClientAuthenticationMethod.None or ClientAuthenticationMethod.PrivateKey);

    /// <summary>Adds a secret, which is shown only now. 750 for no client, 602 for a client without secrets or with too many.</summary>
    public Task<Result<CreatedClientSecret>> Add(string appId, string clientId, Actor actor) =>
        Change<CreatedClientSecret>(
            appId,
            clientId,
            "addClientSecret",
            actor,
            (client, live) =>
            {
                if (!UsesSecrets(client.Settings))
                {
                    return Invalid("This client proves itself without a secret, or not at all. Change its authentication first.");
                }

                if (live.Count >= MaxSecrets)
                {
                    return Invalid($"A client can have at most {MaxSecrets} valid secrets. End one first.");
                }

                var text = Secrets.Token();
                var row = Row(text, clock.Now());
                return new Outcome<CreatedClientSecret>(new(text, row), [.. live, row], row.Id);
            }
        );

    /// <summary>
    /// Lets a secret end in some days; 0 for immediately. 750 for no client, 752 for no such secret, 602 for a bad number.
    /// </summary>
    public Task<Result<Done>> End(string appId, string clientId, string secretId, int graceDays, Actor actor) =>
        Change<Done>(
            appId,
            clientId,
            "endClientSecret",
            actor,
            (_, live) =>
            {
                if (CredentialUpdater.ValidateGraceDays(graceDays) is { } bad)
                {
                    return bad;
                }

                if (live.FirstOrDefault(secret => secret.Id == secretId) is not { } ending)
                {
                    return ErrorCodes.ClientSecretNotFound;
                }

                var at = CredentialUpdater.AddDays(clock.Now(), graceDays);
                return new Outcome<Done>(
                    default,
                    [.. live.Select(one => one == ending ? one with { ExpiresAt = at } : one).Where(one => one.IsLive(clock.Now()))],
                    $"{secretId}, {CredentialUpdater.FormatDelay(graceDays)}"
                );
            }
        );

    internal static ClientSecret Row(string text, long now) =>
        new(Secrets.RandomString(IdAlphabet, IdLength), Secrets.Hash(text), text[^HintLength..], now);

    /// <summary>Changes the live secrets under the client's row lock. Ended ones leave the row.</summary>
    private Task<Result<T>> Change<T>(
        string appId,
        string clientId,
        string action,
        Actor actor,
        Func<Client, IReadOnlyList<ClientSecret>, Result<Outcome<T>>> change
    ) =>
        database.Write<Result<T>>(async db =>
        {
            if (await store.FindForUpdate(db, database.Dialect, appId, clientId) is not { } client)
            {
                return ErrorCodes.ClientNotFound;
            }

            var now = clock.Now();
            if (change(client, [.. client.Secrets.Where(secret => secret.IsLive(now))]).Failed(out var outcome, out var refused))
            {
                return refused;
            }

            await store.Update(db, client with { Secrets = outcome.Secrets, UpdatedAt = now });
            await audit.Add(db, new AuditEntry(appId, action, "", actor) { Detail = $"{clientId} ({client.Name}): {outcome.Detail}" });
            return outcome.Value;
        });

    private static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };

    private sealed record Outcome<T>(T Value, IReadOnlyList<ClientSecret> Secrets, string Detail);
}
