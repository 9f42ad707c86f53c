using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Applications.Resources;

/// <summary>Manages the APIs of an application that access tokens can be for (RFC 8707). All nodes follow within a second.</summary>
public sealed class ResourceRules(
    Database database,
    CredentialUpdater updater,
    ResourceStore store,
    InstallationSettings installation,
    AuditStore audit,
    TimeProvider clock
)
{
    public const int MaxPerApplication = 100;
    public const int MinTokenSeconds = 60;
    public const int MaxTokenSeconds = 24 * 60 * 60;

    /// <summary>How long access tokens for a resource are valid unless it says otherwise.</summary>
    public const int DefaultTokenSeconds = 600;

    private const int MaxIdLength = 500;
    private const int MaxNameLength = 100;
    private const int MaxScopes = 100;

    /// <summary>The scopes of OpenID Connect, which mean something at the issuer only.</summary>
    private static readonly string[] IssuerScopes = ["openid", "profile", "email", "phone", "address", "offline_access"];

    /// <summary>All of the application, in the order of their ids.</summary>
    public Task<IReadOnlyList<Resource>> List(string appId) => database.Read(db => store.List(db, appId));

    public async Task<Resource?> Find(string appId, string id) => (await List(appId)).FirstOrDefault(resource => resource.Id == id);

    /// <summary>Adds a resource. 602 with a sentence for what is wrong, also when there is one with this id.</summary>
    /// <param name="scopes">With blanks between them.</param>
    public Task<Result<Resource>> Add(string appId, string id, string name, string scopes, long tokenSeconds, Actor actor) =>
        Save(
            appId,
            "addResource",
            actor,
            all =>
                all.Any(one => one.Id == id.Trim()) ? Invalid("The application has this resource already.")
                : all.Count >= MaxPerApplication ? Invalid($"An application can have at most {MaxPerApplication} resources.")
                : new Resource
                {
                    AppId = appId,
                    Id = id.Trim(),
                    Name = name.Trim().Length > 0 ? name.Trim() : ShortName(id.Trim()),
                    Scopes = Normalise(scopes),
                    TokenSeconds = tokenSeconds,
                    CreatedAt = clock.Now(),
                }
        );

    /// <summary>Changes what is not null. 751 for no such resource, 602 with a sentence for what is wrong.</summary>
    public Task<Result<Resource>> Change(string appId, string id, string? name, string? scopes, long? tokenSeconds, Actor actor) =>
        Save(
            appId,
            "changeResource",
            actor,
            all =>
                all.FirstOrDefault(one => one.Id == id) is { } before
                    ? before with
                    {
                        Name = name?.Trim() ?? before.Name,
                        Scopes = scopes is null ? before.Scopes : Normalise(scopes),
                        TokenSeconds = tokenSeconds ?? before.TokenSeconds,
                    }
                    : ErrorCodes.ResourceNotFound
        );

    /// <summary>Removes a resource: no more tokens for it. 751 when there is none.</summary>
    public Task<Result<Done>> Remove(string appId, string id, Actor actor) =>
        updater.Apply<Done>(
            appId,
            async (db, _) =>
            {
                if (!Field.IsStorable(id) || !await store.Delete(db, appId, id))
                {
                    return ErrorCodes.ResourceNotFound;
                }

                await audit.Add(db, new AuditEntry(appId, "removeResource", "", actor) { Detail = id });
                return default(Done);
            }
        );

    private Task<Result<Resource>> Save(string appId, string action, Actor actor, Func<IReadOnlyList<Resource>, Result<Resource>> choose) =>
        updater.Apply<Resource>(
            appId,
            async (db, app) =>
            {
                var all = await store.List(db, appId);
                if (choose(all).Failed(out var resource, out var impossible))
                {
                    return impossible;
                }

                if ((FindProblem(resource, ApplicationRules.SettingsOf(app)) ?? FindTakenScope(resource, all)) is { } problem)
                {
                    return Invalid(problem);
                }

                if (all.Contains(resource))
                {
                    return resource;
                }

                await store.Save(db, resource);
                await audit.Add(db, new AuditEntry(appId, action, "", actor) { Detail = $"{resource.Id}: {Describe(resource)}" });
                return resource;
            }
        );

    private string? FindProblem(Resource resource, ApplicationSettings settings) =>
        FindIdProblem(resource.Id, settings)
        ?? (
            DisplayName.ParseApplication(resource.Name, MaxNameLength) is null
                ? $"A name must have 1 to {MaxNameLength} characters on one line, without a link or an e-mail address."
                : null
        )
        ?? FindScopeProblem(resource.ScopeNames, settings)
        ?? (
            resource.TokenSeconds is >= MinTokenSeconds and <= MaxTokenSeconds
                ? null
                : $"Access tokens can be valid for {MinTokenSeconds} to {MaxTokenSeconds} seconds."
        );

    /// <summary>RFC 8707 §2: an absolute URI without a fragment.</summary>
    private string? FindIdProblem(string id, ApplicationSettings settings) =>
        id.Length > MaxIdLength ? $"A resource can have at most {MaxIdLength} characters."
        : id.Any(c => c is <= ' ' or > '~' or '"' or '\\' or '<' or '>')
        || !Uri.TryCreate(id, UriKind.Absolute, out _)
        || !id.Contains(':', StringComparison.Ordinal)
            ? "A resource is an absolute address that names an API, such as https://api.example.com/orders."
        : id.Contains('#', StringComparison.Ordinal) ? "A resource cannot have a fragment, the part behind #."
        : IsIssuer(id, settings) ? "This is an issuer of this server. Choose the address of your API."
        : id == settings.RealmAppId ? "This is the application's Realm App Id, which is the audience of user JWTs. Choose another one."
        : null;

    /// <summary>The issuers of all applications, because their tokens must not be confused.</summary>
    private bool IsIssuer(string id, ApplicationSettings settings) =>
        id.TrimEnd('/') is var address
        && (
            address.StartsWith($"{installation.PublicUrl}/apps/", StringComparison.OrdinalIgnoreCase)
            || (settings.IssuerDomain.Length > 0 && address.Equals($"https://{settings.IssuerDomain}", StringComparison.OrdinalIgnoreCase))
        );

    private static string? FindScopeProblem(IReadOnlyList<string> scopes, ApplicationSettings settings) =>
        scopes.Count > MaxScopes ? $"A resource can have at most {MaxScopes} scopes."
        : scopes.FirstOrDefault(scope => !ClaimMappings.IsScope(scope)) is not null
            ? "A scope has up to 100 letters of ASCII, without quotes and backslashes."
        : scopes.FirstOrDefault(scope =>
            IssuerScopes.Contains(scope, StringComparer.Ordinal) || settings.ClaimMappings.Any(mapping => mapping.Scope == scope)
        )
            is { } taken
            ? $"The scope {taken} gives claims about users. Choose another name for the scope of your API."
        : null;

    /// <summary>
    /// A scope means something at one API only: consent to it, and a token that has it, would otherwise count at the other one too. Scopes
    /// that the resource has already are left alone.
    /// </summary>
    private static string? FindTakenScope(Resource resource, IReadOnlyList<Resource> all)
    {
        var before = all.FirstOrDefault(one => one.Id == resource.Id)?.ScopeNames ?? [];
        foreach (var scope in resource.ScopeNames.Except(before, StringComparer.Ordinal))
        {
            if (all.FirstOrDefault(one => one.Id != resource.Id && one.ScopeNames.Contains(scope, StringComparer.Ordinal)) is { } owner)
            {
                return $"The resource {owner.Id} has the scope {scope} already. Choose another name for the scope of this one.";
            }
        }

        return null;
    }

    private static string Describe(Resource resource) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{resource.Scopes}, {resource.TokenSeconds} s");

    private static string Normalise(string scopes) =>
        string.Join(' ', scopes.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal));

    /// <summary>A name from the address, for one that nobody named.</summary>
    private static string ShortName(string id) =>
        Uri.TryCreate(id, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Host : "API";

    private static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };
}
