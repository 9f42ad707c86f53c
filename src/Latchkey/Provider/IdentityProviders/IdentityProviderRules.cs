using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.IdentityProviders.Catalogue;
using Latchkey.Users;
using Latchkey.Users.Identities;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>
/// Manages the providers that users of an application can sign in with, for the portal and the command line. All nodes follow within a
/// second.
/// </summary>
public sealed class IdentityProviderRules(
    Database database,
    CredentialUpdater updater,
    ApplicationStore applications,
    IdentityProviderStore store,
    UserIdentityStore identities,
    IdentityProviderDraft draft,
    AuditStore audit,
    TimeProvider clock
)
{
    public const int MaxPerApplication = 50;

    /// <summary>The portal's page for adding one has this name.</summary>
    private const string ReservedAlias = "new";

    /// <summary>Rows per transaction, so that others can write in between.</summary>
    private const int BatchSize = 1000;

    /// <summary>All of the application, in the order of their buttons.</summary>
    public Task<IReadOnlyList<IdentityProvider>> List(string appId) => database.Read(db => store.List(db, appId));

    /// <summary>The provider with this alias or id; null for none.</summary>
    public async Task<IdentityProvider?> Find(string appId, string aliasOrId) => Find(await List(appId), aliasOrId);

    /// <summary>Adds a provider of the catalogue. 602 with a sentence for what is wrong.</summary>
    /// <param name="template">A key of the catalogue.</param>
    /// <param name="changes">
    /// Texts by the names of <see cref="IdentityProviderFields"/> and of the template's fields. Without an alias it is the template's key.
    /// </param>
    public Task<Result<IdentityProvider>> Create(string appId, string template, IReadOnlyDictionary<string, string> changes, Actor actor) =>
        updater.Apply<IdentityProvider>(
            appId,
            async (db, app) =>
            {
                var all = await store.List(db, appId);
                if (all.Count >= MaxPerApplication)
                {
                    return Invalid($"An application can have at most {MaxPerApplication} providers. Remove one first.");
                }

                if (ProviderCatalogue.Find(template) is not { } known)
                {
                    return Invalid($"There is no provider {Strings.Truncate(template, 100)} in the catalogue. For others, use oidc.");
                }

                if (Apply(Draft(app, known, all, changes), known, changes, app).Failed(out var provider, out var wrong))
                {
                    return wrong;
                }

                if (FindAliasProblem(provider.Alias, known, all) is { } problem)
                {
                    return Invalid(problem);
                }

                while (await RemoveIdentities(db, provider) == BatchSize)
                {
                    // An earlier provider had the alias, and a sign-in or a stopped removal left people of it: they are not this one's.
                }

                await store.Insert(db, provider);
                await Log(db, provider, "addProvider", $"{provider.Alias} ({provider.Name}), {known.Key}", actor);
                return provider;
            }
        );

    /// <summary>Changes the named texts, all or none. 850 for no such provider, 602 with a sentence for what is wrong.</summary>
    public Task<Result<IdentityProvider>> Change(
        string appId,
        string aliasOrId,
        IReadOnlyDictionary<string, string> changes,
        Actor actor
    ) =>
        updater.Apply<IdentityProvider>(
            appId,
            async (db, app) =>
            {
                if (
                    Find(await store.List(db, appId), aliasOrId) is not { } before
                    || ProviderCatalogue.Find(before.Template) is not { } template
                )
                {
                    return ErrorCodes.ProviderNotFound;
                }

                if (Apply(before, template, changes, app).Failed(out var after, out var wrong))
                {
                    return wrong;
                }

                if (MeansOthers(before, after) && await identities.HasProvider(db, appId, before.Alias))
                {
                    return Invalid(
                        "Users sign in with this provider already, and its ids of people mean nothing at another one. Add another provider."
                    );
                }

                if (MeansOthers(before, after) && before.SecretSealed.Length > 0 && after.SecretSealed == before.SecretSealed)
                {
                    return Invalid("The secret belongs to the address before. Enter the new provider's secret in the same change.");
                }

                if (ChangedNames(before, after) is not { Count: > 0 } changed)
                {
                    return before;
                }

                after = after with { UpdatedAt = clock.Now() };
                await store.Update(db, after);
                await Log(db, after, "changeProvider", $"{after.Alias} ({after.Name}): {string.Join(", ", changed)}", actor);
                return after;
            }
        );

    /// <summary>
    /// Removes a provider, and all identities that users have of it; those of Apple and Google stay, as apps sign in with them
    /// too. 850 when there is none.
    /// </summary>
    public async Task<Result<Done>> Remove(string appId, string aliasOrId, Actor actor)
    {
        if (await Find(appId, aliasOrId) is not { } provider)
        {
            return ErrorCodes.ProviderNotFound;
        }

        var removed = await updater.Apply<Done>(
            appId,
            async (db, _) =>
            {
                if (!await store.Delete(db, appId, provider.Id))
                {
                    return ErrorCodes.ProviderNotFound;
                }

                await RemoveIdentities(db, provider);
                await Log(db, provider, "removeProvider", $"{provider.Alias} ({provider.Name})", actor);
                return default(Done);
            }
        );
        while (removed.Succeeded && await database.Write(db => RemoveIdentities(db, provider)) == BatchSize)
        {
            // continue
        }

        return removed;
    }

    /// <summary>All that is wrong with a change or a new provider, by field; for errors beside form fields.</summary>
    /// <param name="before">The provider; null for a new one.</param>
    public async Task<IReadOnlyList<IdentityProviderProblem>> FindProblems(
        string appId,
        IdentityProvider? before,
        ProviderTemplate template,
        IReadOnlyDictionary<string, string> changes
    )
    {
        if (await database.Read(db => applications.Find(db, appId)) is not { } app)
        {
            return [];
        }

        var all = await List(appId);
        var start = before ?? Draft(app, template, all, changes);
        var problems = draft.Apply(start, template, changes, ApplicationRules.SettingsOf(app)).Problems;
        return before is null && FindAliasProblem(start.Alias, template, all) is { } taken
            ? [.. problems, new(IdentityProviderFields.Alias, taken)]
            : problems;
    }

    private Result<IdentityProvider> Apply(
        IdentityProvider before,
        ProviderTemplate template,
        IReadOnlyDictionary<string, string> changes,
        ApplicationRow app
    )
    {
        var (after, problems) = draft.Apply(before, template, changes, ApplicationRules.SettingsOf(app));
        return problems.Count > 0 ? Invalid(problems[0].Sentence) : after;
    }

    private IdentityProvider Draft(
        ApplicationRow app,
        ProviderTemplate template,
        IReadOnlyList<IdentityProvider> all,
        IReadOnlyDictionary<string, string> changes
    ) =>
        new()
        {
            AppId = app.Id,
            Id = Ids.New(clock),
            Alias = changes.GetValueOrDefault(IdentityProviderFields.Alias)?.Trim() is { Length: > 0 } alias ? alias : template.Key,
            Template = template.Key,
            Name = template.Name,
            Fields = NameValueLines.Write(
                template.Fields.Where(field => field.Default.Length > 0).Select(field => KeyValuePair.Create(field.Name, field.Default))
            ),
            Position = all.Count == 0 ? 1 : all.Max(one => one.Position) + 1,
            Enabled = true,
            SignupAllowed = true,
            CreatedAt = clock.Now(),
            UpdatedAt = clock.Now(),
        };

    /// <summary>Apple and Google have the names that apps use, so that a person is one user wherever they sign in.</summary>
    private static string? FindAliasProblem(string alias, ProviderTemplate template, IReadOnlyList<IdentityProvider> all) =>
        !IdentityProviderDraft.IsAlias(alias)
            ? "An alias has 1 to 40 small letters, digits and hyphens, such as my-company. It is part of addresses."
        : SocialProvider.All.Contains(template.Key, StringComparer.Ordinal) && alias != template.Key
            ? $"{template.Name} has the alias {template.Key}, because apps know it by that name."
        : SocialProvider.All.Contains(alias, StringComparer.Ordinal) && alias != template.Key
            ? $"The alias {alias} is for {SocialProvider.DisplayName(alias, [])} itself. Choose another one."
        : alias == ReservedAlias ? $"The alias {ReservedAlias} is taken. Choose another one."
        : all.Any(one => one.Alias == alias) ? $"The application has a provider {alias} already. Choose another alias."
        : null;

    /// <summary>Whether the provider, after the change, has other people under the same ids.</summary>
    private static bool MeansOthers(IdentityProvider before, IdentityProvider after) => before.IdentityScope != after.IdentityScope;

    /// <summary>Of a secret only that it is another one.</summary>
    private static List<string> ChangedNames(IdentityProvider before, IdentityProvider after)
    {
        var names = IdentityProviderFields
            .All.Select(field => field.Name)
            .Append(ProviderField.ClientId)
            .Concat(before.FieldValues.Keys)
            .Concat(after.FieldValues.Keys)
            .Distinct(StringComparer.Ordinal)
            .Where(name => IdentityProviderFields.Read(before, name) != IdentityProviderFields.Read(after, name))
            .ToList();
        return before.SecretSealed == after.SecretSealed ? names : [.. names, "its secret"];
    }

    private Task<int> RemoveIdentities(DbConnection db, IdentityProvider provider) =>
        SocialProvider.All.Contains(provider.Alias, StringComparer.Ordinal)
            ? Task.FromResult(0)
            : identities.RemoveOfProvider(db, provider.AppId, provider.Alias, BatchSize);

    private Task Log(DbConnection db, IdentityProvider provider, string action, string detail, Actor actor) =>
        audit.Add(db, new AuditEntry(provider.AppId, action, "", actor) { Detail = detail });

    private static IdentityProvider? Find(IReadOnlyList<IdentityProvider> all, string aliasOrId) =>
        all.FirstOrDefault(one => one.Alias == aliasOrId) ?? all.FirstOrDefault(one => one.Id == aliasOrId);

    private static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };
}
