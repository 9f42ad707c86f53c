using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Resources;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Provider.Clients;

/// <summary>
/// Manages an application's clients, for the portal, the command line and the server API. Clients are read at each request, so a change
/// works at once on all nodes.
/// </summary>
public sealed class ClientRules(
    Database database,
    ApplicationStore applications,
    ResourceStore resources,
    ClientStore store,
    AuditStore audit,
    TimeProvider clock
)
{
    public const int MaxPerApplication = 10_000;

    private const int IdLength = 22;
    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>In changes, the client's name.</summary>
    public const string Name = "name";

    /// <summary>A page, the newest clients first.</summary>
    public async Task<ListPage<ClientSummary>> Page(string appId, string search, PageRequest page) =>
        Field.IsStorable(search) ? await database.Read(db => store.Page(db, appId, search, page)) : new([], null, null, false);

    /// <summary>Null when the application has no such client.</summary>
    public async Task<Client?> Find(string appId, string id) =>
        Field.IsStorable(id) ? await database.Read(db => store.Find(db, appId, id)) : null;

    /// <summary>Creates a client with the defaults of its type and these settings. 602 with a sentence for what is wrong.</summary>
    /// <param name="changes">Texts by the names of <see cref="ClientFields"/>.</param>
    public Task<Result<CreatedClient>> Create(
        string appId,
        ClientType type,
        string name,
        IReadOnlyDictionary<string, string> changes,
        Actor actor
    ) =>
        database.Write<Result<CreatedClient>>(async db =>
        {
            if (await applications.FindForUpdate(db, appId) is not { } app)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            if (await store.CountUpTo(db, appId, MaxPerApplication) >= MaxPerApplication)
            {
                return Invalid($"An application can have at most {MaxPerApplication} clients. Delete one first.");
            }

            var defaults = ClientDefaults.Of(type);
            if (ClientFields.Apply(defaults, changes).Failed(out var settings, out var unreadable))
            {
                return unreadable;
            }

            var (now, secret) = (clock.Now(), ClientSecretRules.UsesSecrets(settings) ? Secrets.Token() : null);
            var client = new Client
            {
                AppId = appId,
                Id = SettingChecks.ClientIdPrefix + Secrets.RandomString(IdAlphabet, IdLength),
                Name = name.Trim(),
                Type = type,
                Settings = settings,
                Secrets = secret is null ? [] : [ClientSecretRules.Row(secret, now)],
                CreatedAt = now,
                UpdatedAt = now,
            };
            if (await FindProblem(db, app, client, defaults) is { } wrong)
            {
                return wrong;
            }

            await store.Insert(db, client);
            await audit.Add(
                db,
                new AuditEntry(appId, "createClient", "", actor) { Detail = $"{client.Id} ({client.Name}), {type.ToName()}" }
            );
            return new CreatedClient(client, secret);
        });

    /// <summary>Changes the name and the named settings, all or none. 750 for no client, 602 with a sentence for what is wrong.</summary>
    /// <param name="changes">Texts by the names of <see cref="ClientFields"/>, and <see cref="Name"/>.</param>
    public Task<Result<Client>> Change(string appId, string id, IReadOnlyDictionary<string, string> changes, Actor actor) =>
        database.Write<Result<Client>>(async db =>
        {
            if (
                await applications.FindForUpdate(db, appId) is not { } app
                || await store.FindForUpdate(db, database.Dialect, appId, id) is not { } before
            )
            {
                return ErrorCodes.ClientNotFound;
            }

            if (Apply(before, changes).Failed(out var after, out var unreadable))
            {
                return unreadable;
            }

            if (await FindProblem(db, app, after, before.Settings) is { } wrong)
            {
                return wrong;
            }

            var changed = ChangedNames(before, after);
            if (changed.Count == 0)
            {
                return before;
            }

            after = after with { UpdatedAt = clock.Now() };
            await store.Update(db, after);
            await audit.Add(
                db,
                new AuditEntry(appId, "changeClient", "", actor) { Detail = $"{id} ({after.Name}): {string.Join(", ", changed)}" }
            );
            return after;
        });

    /// <summary>A client that is not stored, for <see cref="FindProblems(Client, IReadOnlyDictionary{string, string})"/>.</summary>
    public static Client Draft(string appId, ClientType type, string name) =>
        new()
        {
            AppId = appId,
            Id = "",
            Name = name.Trim(),
            Type = type,
            Settings = ClientDefaults.Of(type),
            Secrets = [],
            CreatedAt = 0,
            UpdatedAt = 0,
        };

    /// <summary>All that is wrong with a change, by field; for errors beside form fields.</summary>
    /// <param name="before">The client, or a new one that is not stored.</param>
    public async Task<IReadOnlyList<ClientProblem>> FindProblems(Client before, IReadOnlyDictionary<string, string> changes)
    {
        var readable = new List<KeyValuePair<string, string>>();
        var problems = new List<ClientProblem>();
        foreach (var change in changes)
        {
            if (Apply(before, [change]).Error is { } unreadable)
            {
                problems.Add(new(change.Key, unreadable.Message));
            }
            else
            {
                readable.Add(change);
            }
        }

        if (Apply(before, readable).Value is { } after)
        {
            problems.AddRange(await database.Read(db => FindProblems(db, after, before.Settings)));
        }

        return problems;
    }

    private static Result<Client> Apply(Client before, IEnumerable<KeyValuePair<string, string>> changes)
    {
        var all = changes.ToList();
        if (ClientFields.Apply(before.Settings, all.Where(one => one.Key != Name)).Failed(out var settings, out var unreadable))
        {
            return unreadable;
        }

        return before with
        {
            Name = all.Where(one => one.Key == Name).Select(one => one.Value.Trim()).FirstOrDefault(before.Name),
            Settings = settings,
            Secrets = ClientSecretRules.UsesSecrets(settings) ? before.Secrets : [],
        };
    }

    private async Task<IReadOnlyList<ClientProblem>> FindProblems(DbConnection db, Client client, ClientSettings before) =>
        await applications.Find(db, client.AppId) is { } app
            ? [.. ClientValidation.FindProblems(client, before, ApplicationRules.SettingsOf(app), await resources.List(db, app.Id))]
            : [];

    private async Task<Error?> FindProblem(DbConnection db, ApplicationRow app, Client client, ClientSettings before) =>
        ClientValidation
            .FindProblems(client, before, ApplicationRules.SettingsOf(app), await resources.List(db, app.Id))
            .Select(problem => Invalid(problem.Sentence))
            .FirstOrDefault();

    private static IReadOnlyList<string> ChangedNames(Client before, Client after) =>
        [
            .. (before.Name == after.Name ? [] : new[] { $"name was {before.Name}" }),
            .. ClientFields.All.Where(field => field.Format(before.Settings) != field.Format(after.Settings)).Select(field => field.Name),
            .. (before.Secrets.Count == after.Secrets.Count ? [] : new[] { "its secrets ended" }),
        ];

    private static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };
}
