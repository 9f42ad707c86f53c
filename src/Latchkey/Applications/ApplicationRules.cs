using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Members;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Applications;

/// <summary>Creating and changing applications: what the portal and the command line both call.</summary>
public sealed class ApplicationRules(
    Database database,
    ApplicationStore store,
    SigningKeyStore signingKeys,
    CredentialStore credentials,
    MemberStore members,
    InstallationLimitStore limits,
    ApplicationStatusRules statuses,
    StatusStore history,
    ApplicationCache directory,
    AuditStore audit,
    SigningKeys keys,
    InstallationTokens tokens,
    KeyRing ring,
    RateLimits tries,
    TimeProvider clock
)
{
    private const int MaxNameLength = 100;
    private const int MaxSecretLength = 1000;
    private const string Status = "status";
    private static readonly string TooManyApplications = string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"You have created {DefaultLimits.ApplicationsPerDeveloper.PermitLimit} applications within a day, which is the maximum. "
            + $"Try again tomorrow, or ask the operator of this installation."
    );

    /// <summary>
    /// Makes an application with its key, App Token and App Secret. <paramref name="changes"/> as in <see cref="Change"/>. 700 when its
    /// owner has made too many today: each may send as many messages as any other.
    /// </summary>
    /// <param name="ownerId">The developer whose application it becomes; null for one that only operators see.</param>
    /// <param name="algorithm">One of <see cref="SigningKeys.Algorithms"/>.</param>
    public async Task<Result<CreatedApplication>> Create(
        string name,
        IReadOnlyDictionary<string, string> changes,
        Actor actor,
        string? ownerId = null,
        string algorithm = JwsKey.Rs256
    )
    {
        var now = clock.Now();
        var blank = new ApplicationRow
        {
            Id = Secrets.AppId(),
            Settings = SettingsDocument.Write(new ApplicationSettings()),
            Revision = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var (row, refused) = Apply(
            blank with
            {
                Name = name,
            },
            new Dictionary<string, string>(changes, StringComparer.Ordinal) { ["name"] = name },
            Role.Owner
        );
        if (refused is not null)
        {
            return refused;
        }

        // Before the key, which costs more than all the rest.
        if (
            ownerId is not null
            && await tries.TryAcquire("portal", new RateLimitRequest(DefaultLimits.ApplicationsPerDeveloper, ownerId)) is { } tooMany
        )
        {
            return tooMany with { Message = TooManyApplications };
        }

        var key = keys.Create(Ids.New(clock), row!.Id, algorithm, now) with { State = SigningKeyState.Active, ActivatedAt = now };
        var token = new AppToken(row.Id, Ids.New(clock), now / 1000) { RingKey = ring.CurrentId };
        var secret = Secrets.Token();
        await database.Write(async db =>
        {
            await store.Insert(db, row);
            await statuses.RecordCreation(db, row, actor);
            await signingKeys.Insert(db, key);
            await credentials.InsertToken(db, token);
            await credentials.InsertSecret(db, row.Id, new AppSecretRow { Hash = Secrets.Hash(secret), CreatedAt = now });
            if (ownerId is not null)
            {
                await members.Set(db, row.Id, ownerId, MemberRole.Owner, now);
            }

            await audit.Add(db, new AuditEntry(row.Id, "createApplication", "", actor));
        });
        return new CreatedApplication(row, tokens.Write(token), secret, key.PublicKey);
    }

    /// <summary>As the other one, for somebody who may edit the application and asks for no more than that.</summary>
    public Task<Result<ApplicationRow>> Change(string appId, IReadOnlyDictionary<string, string> changes, Actor actor) =>
        Change(appId, changes, new ChangeContext(actor, Role.Editor));

    /// <summary>
    /// As the other one, of what somebody has touched in a form; 602 for what somebody else has changed since it was opened.
    /// </summary>
    public Task<Result<ApplicationRow>> Change(string appId, SettingsEdit edit, Actor actor) =>
        Change(
            appId,
            now =>
                edit.FindConflicts(now).Select(one => $"{one.Key}: {one.Value}").FirstOrDefault() is { } clash
                    ? Setting.Invalid(clash)
                    : edit.Changed,
            new ChangeContext(actor, Role.Editor)
        );

    /// <summary>
    /// Sets what is named, and notes in the log what differs then: a setting of <see cref="SettingCatalog"/>, or name, type, status. All or
    /// nothing.
    /// A stored secret whose <see cref="Setting.DependsOn"/> changes is dropped (<see cref="SettingCatalog.ClearedSecrets"/>) unless it is
    /// named too.
    /// </summary>
    /// <param name="reason">Why the status changes.</param>
    public Task<Result<ApplicationRow>> Change(
        string appId,
        IReadOnlyDictionary<string, string> changes,
        ChangeContext by,
        string reason = ""
    ) => Change(appId, _ => new Dictionary<string, string>(changes, StringComparer.Ordinal), by, reason);

    /// <summary>
    /// As <see cref="Change(string, IReadOnlyDictionary{string, string}, ChangeContext, string)"/>, for changes that follow from what is
    /// set now.
    /// </summary>
    public async Task<Result<ApplicationRow>> Change(
        string appId,
        Func<ApplicationSettings, Result<Dictionary<string, string>>> choose,
        ChangeContext by,
        string reason = ""
    )
    {
        var changed = await database.Write<Result<ApplicationRow>>(async db =>
        {
            if (await store.FindForUpdate(db, appId) is not { } row)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            var (changes, impossible) = choose(SettingsOf(row));
            if (impossible is not null)
            {
                return impossible;
            }

            var settings = changes!.Where(one => one.Key != Status).ToDictionary(StringComparer.Ordinal);
            var (next, refused) = Apply(row, settings, by.Role);
            if (refused is null && changes!.TryGetValue(Status, out var status))
            {
                (next, refused) = await statuses.Set(db, next!, status, reason, by);
            }

            if (refused is not null)
            {
                return refused;
            }

            var change = new SettingsChange(
                row,
                next!,
                changes!.Keys.Concat(SettingCatalog.ClearedSecrets(SettingsOf(row), SettingsOf(next!), settings.Keys))
            );
            if (change.Names.Count == 0)
            {
                return row;
            }

            if ((await limits.Read(db)).ForType(next!.Type).Validate(next.Type, SettingsOf(next), change.Names) is { } tooMuch)
            {
                return tooMuch;
            }

            next = next with { Revision = row.Revision + 1, UpdatedAt = clock.Now() };
            await store.Update(db, next);
            if (SettingsOf(next).UserJwtExpiration < SettingsOf(row).UserJwtExpiration)
            {
                await signingKeys.NoteSignedUntil(db, appId, UserJwtLifetime.LastExpiry(SettingsOf(row), clock.Now()));
            }

            if (change.DescribeExcept(Status) is { Length: > 0 } words)
            {
                await audit.Add(db, new AuditEntry(appId, "changeSettings", "", by.Actor) { Detail = words });
            }

            return next;
        });
        directory.Invalidate(appId);
        return changed;
    }

    /// <summary>
    /// Changes one metadata field of a list (metaData, metaDataInvite) and leaves what others do to the list at the same time.
    /// </summary>
    public Task<Result<ApplicationRow>> EditMetadataFields(string appId, string list, MetadataFieldEdit edit, Actor actor) =>
        Change(
            appId,
            settings =>
            {
                var (fields, refused) = edit.Apply(MetadataFields.ForSetting(settings, list));
                return refused is not null
                    ? refused
                    : new Dictionary<string, string>(StringComparer.Ordinal) { [list] = MetadataFields.Write(fields!) };
            },
            new ChangeContext(actor, Role.Editor)
        );

    /// <summary>Gives the application another status, as <see cref="ApplicationStatusRules"/> allow it.</summary>
    public Task<Result<ApplicationRow>> SetStatus(string appId, string status, string reason, ChangeContext by) =>
        Change(appId, new Dictionary<string, string>(StringComparer.Ordinal) { [Status] = status }, by, reason);

    public async Task<StatusHistory> History(string appId) => new(await database.Read(db => history.All(db, appId)));

    /// <summary>The status that the application has, with its reason and since when.</summary>
    public Task<StatusRow?> StatusOf(string appId) => database.Read(db => history.Newest(db, appId));

    /// <summary>
    /// Why <see cref="Change"/> would refuse this one value; null when it would not. For a form that says so beside each field.
    /// </summary>
    public Error? Validate(ApplicationRow row, string name, string text, Role by = Role.Editor) =>
        Apply(row, new Dictionary<string, string>(StringComparer.Ordinal) { [name] = text }, by).Error;

    /// <summary>Every application with its settings, without counting anything.</summary>
    public Task<IReadOnlyList<ApplicationRow>> All() => database.Read(store.All);

    public Task<ApplicationRow?> Find(string appId) => database.Read(db => store.Find(db, appId));

    /// <summary>The App Token in use; null when there is no such application.</summary>
    public async Task<string?> AppToken(string appId) =>
        await database.Read(db => credentials.NewestToken(db, appId)) is { } row ? tokens.Write(row.Token) : null;

    /// <summary>The active key's public half, PEM.</summary>
    public async Task<string?> PublicKey(string appId) =>
        (await database.Read(db => signingKeys.ListByApplication(db, appId)))
            .FirstOrDefault(key => key.State == SigningKeyState.Active)
            ?.PublicKey;

    public static ApplicationSettings SettingsOf(ApplicationRow row) => SettingsDocument.Read(row.Settings);

    /// <summary>The purpose under which an application's own provider secrets are sealed.</summary>
    public static string SecretPurpose(string appId, string setting) => $"applications/{appId}/{setting}";

    private Result<ApplicationRow> Apply(ApplicationRow row, IReadOnlyDictionary<string, string> changes, Role by)
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
                    (row, refused) = ChangeType(row, text, by);
                    break;
                case Status:
                    refused = ApplicationStatusRules.Validate(row.Status, text, by) is { } why ? Setting.Invalid(why) : null;
                    row = row with { Status = text };
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

        settings = SettingCatalog.ClearDependentSecrets(SettingsOf(row), settings, changes.Keys);
        return SettingCatalog.Validate(settings) is { } conflict ? conflict : row with { Settings = SettingsDocument.Write(settings) };
    }

    private static (ApplicationRow Row, Error? Refused) Rename(ApplicationRow row, string text)
    {
        var name = text.Trim();
        return name.Length is >= 1 and <= MaxNameLength && Field.IsStorable(name) && !name.Any(char.IsControl)
            ? (row with { Name = name }, null)
            : (row, Setting.Invalid($"A name must have 1 to {MaxNameLength} characters on one line."));
    }

    private static (ApplicationRow Row, Error? Refused) ChangeType(ApplicationRow row, string text, Role by) =>
        text switch
        {
            ApplicationType.Commercial when row.Type != text && by < Role.Owner => (
                row,
                Setting.Invalid("Only an owner can make the application commercial.")
            ),
            ApplicationType.Commercial => (row with { Type = text }, null),
            ApplicationType.Development when row.Type == text => (row, null),
            ApplicationType.Development => (
                row,
                Setting.Invalid("A commercial application cannot become a development application again.")
            ),
            _ => (row, Setting.Invalid("type must be development or commercial.")),
        };

    private (ApplicationSettings Settings, Error? Refused) Set(string appId, ApplicationSettings settings, string name, string text)
    {
        if (SettingCatalog.Find(name) is not { } setting)
        {
            return (
                settings,
                Setting.Invalid(
                    $"There is no setting {name}. The settings are: name, type, status, "
                        + $"{string.Join(", ", SettingCatalog.All.Select(s => s.Name))}."
                )
            );
        }

        if (setting.Kind == SettingKind.Secret && (text.Length > MaxSecretLength || text.Any(char.IsControl) || !Field.IsStorable(text)))
        {
            return (settings, Setting.Invalid($"{name} can have at most {MaxSecretLength} characters on one line."));
        }

        var value = setting.Kind == SettingKind.Secret && text.Length > 0 ? ring.Encrypt(SecretPurpose(appId, name), text) : text;
        var (next, refused) = setting.Set(settings, value);
        return (next ?? settings, refused);
    }
}
