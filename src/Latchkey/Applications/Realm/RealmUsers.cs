using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Applications.Realm;

/// <summary>Reads the users of a Realm application. The API key is used for one request only, so several pages are read at once.</summary>
public sealed class RealmUsers(AppServicesClient client, RateLimits limits, TimeProvider clock)
{
    /// <summary>Pages per request; App Services returns 50 users per page.</summary>
    public const int MaxPages = 10;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(45);

    /// <param name="app">The application.</param>
    /// <param name="keys">Used for this list only.</param>
    /// <param name="after">The cursor of the previous page; empty for the first one.</param>
    /// <param name="developer">The developer.</param>
    public async Task<Result<RealmUserList>> List(ApplicationRow app, AtlasApiKey keys, string after, Actor developer)
    {
        if (ApplicationRules.SettingsOf(app).RealmAppId is not { Length: > 0 } realmAppId)
        {
            return RealmErrors.NoRealmAppId;
        }

        if (await limits.TryAcquire("portal", new RateLimitRequest(DefaultLimits.AppServicesCalls, developer.Name)) is { } tooMany)
        {
            return tooMany with { Message = "Too many attempts. Please wait a few minutes." };
        }

        using var patience = new CancellationTokenSource(Timeout, clock);
        if ((await AppServicesSession.LogIn(client, keys, patience.Token)).Failed(out var session, out var refused))
        {
            return refused;
        }

        return (await session.FindApp(realmAppId)).Failed(out var path, out var notFound)
            ? notFound
            : await Read(session, path, AppServicesSession.IsId(after) ? after : "");
    }

    private static async Task<Result<RealmUserList>> Read(AppServicesSession session, string path, string after)
    {
        var users = new Dictionary<string, RealmUser>(StringComparer.Ordinal);
        for (var page = 0; page < MaxPages; page++)
        {
            if ((await session.List($"{path}/users{(after.Length == 0 ? "" : $"?after={after}")}")).Failed(out var found, out var failed))
            {
                return failed;
            }

            var known = users.Count;
            foreach (var json in found)
            {
                if (AppServicesSession.Id(json) is not { } id)
                {
                    return session.UnexpectedResponse;
                }

                users.TryAdd(id, User(session, json, id));
                after = id;
            }

            if (users.Count == known)
            {
                return new RealmUserList([.. users.Values], null); // the end, or a server that starts again
            }
        }

        return new RealmUserList([.. users.Values], after);
    }

    private static RealmUser User(AppServicesSession session, JsonElement json, string id) =>
        new(id, Identities(session, json), Time(json, "creation_date"), Time(json, "last_authentication_date"));

    private static IReadOnlyList<(string Provider, string Id)> Identities(AppServicesSession session, JsonElement json) =>
        json.TryGetProperty("identities", out var identities) && identities.ValueKind == JsonValueKind.Array
            ?
            [
                .. identities
                    .EnumerateArray()
                    .Take(10)
                    .Select(identity =>
                        (
                            session.Redact(AppServicesSession.Text(identity, "provider_type")),
                            session.Redact(AppServicesSession.Text(identity, "id"))
                        )
                    ),
            ]
            : [];

    /// <summary>Converts App Services' unix seconds to milliseconds.</summary>
    private static long? Time(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var seconds)
        && seconds is > 0 and < 100_000_000_000
            ? seconds * 1000
            : null;
}
