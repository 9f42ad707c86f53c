using Latchkey.Audit;
using Latchkey.Contract;
using Latchkey.Data;
using Latchkey.Tokens;

namespace Latchkey.Applications;

/// <summary>Creating, changing and deleting applications: what the portal and the command line both call.</summary>
public sealed class ApplicationRules(Database database, ApplicationStore store, ApplicationDirectory directory, AuditStore audit, SigningKeys keys, InstallationTokens tokens, KeyRing ring, TimeProvider clock)
{
    private const int LongestName = 100;
    private const int LongestSecret = 1000;

    /// <summary>Makes an application with its key, App Token and App Secret. <paramref name="changes"/> as in <see cref="Change"/>.</summary>
    public async Task<Result<CreatedApplication>> Create(string name, IReadOnlyDictionary<string, string> changes, string actor)
    {
        var now = clock.Now();
        var blank = new ApplicationRow { Id = Secrets.AppId(), Settings = SettingsDocument.Write(new ApplicationSettings()), Revision = 1, CreatedAt = now, UpdatedAt = now };
        var (row, refused) = Apply(blank with { Name = name }, new Dictionary<string, string>(changes, StringComparer.Ordinal) { ["name"] = name });
        if (refused is not null)
        {
            return refused;
        }

        var key = keys.Create(Ids.New(clock), row!.Id, now);
        var token = new AppToken(row.Id, Ids.New(clock), now / 1000);
        var secret = Secrets.Token();
        await database.Write(async db =>
        {
            await store.Insert(db, row);
            await store.InsertSigningKey(db, key);
            await store.InsertAppToken(db, token);
            await store.InsertAppSecret(db, row.Id, Secrets.Hash(secret), now);
            await audit.Add(db, new AuditEntry(row.Id, "createApplication", "", "") { Actor = actor });
        });
        return new CreatedApplication(row, tokens.Write(token), secret, key.PublicKey);
    }

    /// <summary>Sets what is named, and notes the names in the log: a setting of <see cref="SettingTable"/>, or name, type, status. All or nothing.</summary>
    public async Task<Result<ApplicationRow>> Change(string appId, IReadOnlyDictionary<string, string> changes, string actor)
    {
        var changed = await database.Write<Result<ApplicationRow>>(async db =>
        {
            if (await store.FindForUpdate(db, appId) is not { } row)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            var (next, refused) = Apply(row, changes);
            if (refused is not null)
            {
                return refused;
            }

            next = next! with { Revision = row.Revision + 1, UpdatedAt = clock.Now() };
            await store.Update(db, next);
            await audit.Add(db, new AuditEntry(appId, "changeSettings", "", "") { Actor = actor, Detail = string.Join(", ", changes.Keys) });
            return next;
        });
        directory.Forget(appId);
        return changed;
    }

    /// <summary>Why <see cref="Change"/> would refuse this one value; null when it would not. For a form that says so beside each field.</summary>
    public Error? Refusal(ApplicationRow row, string name, string text) => Apply(row, new Dictionary<string, string>(StringComparer.Ordinal) { [name] = text }).Error;

    public async Task<Result<Done>> Delete(string appId)
    {
        var deleted = await database.Write(db => store.Delete(db, appId));
        directory.Forget(appId);
        return deleted ? default(Done) : ErrorCodes.AppNoLongerExists;
    }

    public Task<IReadOnlyList<ApplicationSummary>> List(string search = "") =>
        database.Read(db => store.List(db, search, clock.Now() - (long)TimeSpan.FromDays(30).TotalMilliseconds));

    /// <summary>Every application with its settings, without counting anything.</summary>
    public Task<IReadOnlyList<ApplicationRow>> All() => database.Read(store.All);

    public Task<ApplicationRow?> Find(string appId) => database.Read(db => store.Find(db, appId));

    /// <summary>The App Token in use; null when there is no such application.</summary>
    public async Task<string?> AppToken(string appId) =>
        await database.Read(db => store.NewestAppToken(db, appId)) is { } row ? tokens.Write(new AppToken(row.AppId, row.Id, row.IssuedAt)) : null;

    /// <summary>The active key's public half, PEM.</summary>
    public async Task<string?> PublicKey(string appId) =>
        (await database.Read(db => store.SigningKeys(db, appId))).FirstOrDefault(key => key.State == "active")?.PublicKey;

    public static ApplicationSettings SettingsOf(ApplicationRow row) => SettingsDocument.Read(row.Settings);

    /// <summary>The purpose under which an application's own provider secrets are sealed.</summary>
    public static string SecretPurpose(string appId, string setting) => $"applications/{appId}/{setting}";

    private Result<ApplicationRow> Apply(ApplicationRow row, IReadOnlyDictionary<string, string> changes)
    {
        var settings = SettingsOf(row);
        foreach (var (name, text) in changes)
        {
            Error? refused;
            switch (name)
            {
                case "name":
                    (row, refused) = Rename(row, text);
                    break;
                case "type":
                    (row, refused) = Retype(row, text);
                    break;
                case "status":
                    (row, refused) = ApplicationStatus.All.Contains(text, StringComparer.Ordinal) ? (row with { Status = text }, null) : (row, Setting.Invalid($"status is one of {string.Join(", ", ApplicationStatus.All)}."));
                    break;
                default:
                    (settings, refused) = Set(row.Id, settings, name, text);
                    break;
            }

            if (refused is not null)
            {
                return refused;
            }
        }

        return SettingTable.Conflict(settings) is { } conflict ? conflict : row with { Settings = SettingsDocument.Write(settings) };
    }

    private static (ApplicationRow Row, Error? Refused) Rename(ApplicationRow row, string text)
    {
        var name = text.Trim();
        return name.Length is >= 1 and <= LongestName && Field.IsStorable(name) && !name.Any(char.IsControl)
            ? (row with { Name = name }, null)
            : (row, Setting.Invalid($"A name has 1 to {LongestName} characters on one line."));
    }

    private static (ApplicationRow Row, Error? Refused) Retype(ApplicationRow row, string text) => text switch
    {
        ApplicationType.Commercial => (row with { Type = text }, null),
        ApplicationType.Development when row.Type == text => (row, null),
        ApplicationType.Development => (row, Setting.Invalid("A commercial application cannot become a development one again.")),
        _ => (row, Setting.Invalid("type is development or commercial.")),
    };

    private (ApplicationSettings Settings, Error? Refused) Set(string appId, ApplicationSettings settings, string name, string text)
    {
        if (SettingTable.Find(name) is not { } setting)
        {
            return (settings, Setting.Invalid($"There is no setting {name}. The settings are: name, type, status, {string.Join(", ", SettingTable.All.Select(s => s.Name))}."));
        }

        if (setting.Kind == SettingKind.Secret && (text.Length > LongestSecret || text.Any(char.IsControl) || !Field.IsStorable(text)))
        {
            return (settings, Setting.Invalid($"{name} has at most {LongestSecret} characters on one line."));
        }

        var value = setting.Kind == SettingKind.Secret && text.Length > 0 ? ring.Seal(SecretPurpose(appId, name), text) : text;
        var (next, refused) = setting.Set(settings, value);
        return (next ?? settings, refused);
    }
}

/// <summary>A new application's credentials. The secret is shown this once; only its hash is stored.</summary>
public sealed record CreatedApplication(ApplicationRow Row, string AppToken, string AppSecret, string PublicKey);
