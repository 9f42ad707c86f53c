using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>Changes and finds applications, for the portal and the command line.</summary>
public sealed class ApplicationRules(
    Database database,
    ApplicationStore store,
    ApplicationEditor editor,
    SigningKeyStore signingKeys,
    SettingChecks checks,
    ApplicationStatusRules statuses,
    JwtSwitchStore jwtSwitches,
    ApplicationCache applications,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Status = ApplicationEditor.Status;
    private const string JwtEnabled = "jwtEnabled";

    /// <summary>As below, for a caller with the role of an editor.</summary>
    public Task<Result<ApplicationRow>> Change(string appId, IReadOnlyDictionary<string, string> changes, Actor actor) =>
        Change(appId, changes, new ChangeContext(actor, Role.Editor));

    /// <summary>
    /// As below, for the changed fields of a form; 602 when someone else has changed one of them since the form was opened.
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
    /// Sets the named settings (of <see cref="SettingCatalog"/>, or name, type, status), all or none, and logs the differences. A stored
    /// secret is deleted when one of its <see cref="Setting.DependsOn"/> changes (<see cref="SettingCatalog.ClearedSecrets"/>), unless it
    /// is set too.
    /// </summary>
    /// <param name="reason">The reason of a status change, or of switching JWT on or off.</param>
    public Task<Result<ApplicationRow>> Change(
        string appId,
        IReadOnlyDictionary<string, string> changes,
        ChangeContext by,
        string reason = ""
    ) => Change(appId, _ => new Dictionary<string, string>(changes, StringComparer.Ordinal), by, reason);

    /// <summary>
    /// As <see cref="Change(string, IReadOnlyDictionary{string, string}, ChangeContext, string)"/>, for changes computed from the current
    /// row.
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

            if (choose(SettingsOf(row)).Failed(out var changes, out var impossible))
            {
                return impossible;
            }

            var settings = changes.Where(one => one.Key != Status).ToDictionary(StringComparer.Ordinal);
            var changed = editor.Apply(row, settings, by.Role);
            if (changed.Value is { } applied && changes.TryGetValue(Status, out var status))
            {
                changed = await statuses.Set(db, applied, status, reason, by);
            }

            if (changed.Failed(out var next, out var refused))
            {
                return refused;
            }

            var change = new SettingsChange(
                row,
                next,
                changes
                    .Keys.Concat(SettingCatalog.ClearedSecrets(SettingsOf(row), SettingsOf(next), settings.Keys))
                    .Append(PasskeySettings.RpId.Name) // may have been filled in
                    .Distinct(StringComparer.Ordinal)
            );
            if (change.Names.Count == 0)
            {
                return row;
            }

            if (await checks.Validate(db, next, change.Names, by.Role) is { } unfitting)
            {
                return unfitting;
            }

            next = next with { Revision = row.Revision + 1, UpdatedAt = clock.Now() };
            await store.Update(db, next);
            if (SettingsOf(next).UserJwtLifetime < SettingsOf(row).UserJwtLifetime)
            {
                await signingKeys.NoteSignedUntil(db, appId, UserJwtLifetime.LastExpiry(SettingsOf(row), clock.Now()));
            }

            if (SettingsOf(next).PasskeyRpId != SettingsOf(row).PasskeyRpId)
            {
                await store.RecountPasskeys(db, appId, SettingsOf(next).PasskeyRpId);
            }

            var jwtReason = "";
            if (
                SettingsOf(row).JwtEnabled != SettingsOf(next).JwtEnabled
                && (await RecordJwtSwitch(db, next, reason, by)).Failed(out jwtReason, out var unfit)
            )
            {
                return unfit;
            }

            if (change.DescribeExcept(Status) is { Length: > 0 } words)
            {
                var detail = jwtReason.Length > 0 ? $"{words} ({jwtReason})" : words;
                var values = change.ChangesExcept(Status);
                await audit.Add(
                    db,
                    new AuditEntry(appId, AuditEntry.ChangeSettings, "", by.Actor)
                    {
                        Detail = detail,
                        Changes = jwtReason.Length > 0 ? [.. values, new AuditChange("reason", "", jwtReason)] : values,
                    }
                );
            }

            return next;
        });
        applications.Invalidate(appId);
        return changed;
    }

    /// <summary>Changes one metadata field of a list (metaData, metaDataInvite). Concurrent changes of other fields are kept.</summary>
    public Task<Result<ApplicationRow>> EditMetadataFields(string appId, string list, MetadataFieldEdit edit, Actor actor) =>
        Change(
            appId,
            settings =>
            {
                return edit.Apply(MetadataFields.ForSetting(settings, list)).Failed(out var fields, out var refused)
                    ? refused
                    : new Dictionary<string, string>(StringComparer.Ordinal) { [list] = MetadataFields.Write(fields) };
            },
            new ChangeContext(actor, Role.Editor)
        );

    /// <summary>Changes the application's status; see <see cref="ApplicationStatusRules"/>.</summary>
    public Task<Result<ApplicationRow>> SetStatus(string appId, string status, string reason, ChangeContext by) =>
        Change(appId, new Dictionary<string, string>(StringComparer.Ordinal) { [Status] = status }, by, reason);

    /// <summary>Switches JWT on or off, for a reason that may be empty.</summary>
    public Task<Result<ApplicationRow>> SetJwtEnabled(string appId, bool enabled, string reason, ChangeContext by) =>
        Change(appId, new Dictionary<string, string>(StringComparer.Ordinal) { [JwtEnabled] = enabled ? "1" : "0" }, by, reason);

    /// <summary>When JWT was switched off and on, newest first.</summary>
    public Task<IReadOnlyList<JwtSwitchRow>> JwtSwitches(string appId, int limit) =>
        database.Read(db => jwtSwitches.List(db, appId, limit));

    /// <summary>
    /// All errors of <see cref="Change"/> for these settings, by setting name; under an empty name an error that concerns several of them.
    /// For error messages beside form fields.
    /// </summary>
    public async Task<Dictionary<string, string>> FindErrors(ApplicationRow row, IReadOnlyDictionary<string, string> changes)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in changes)
        {
            var one = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = text };
            if (editor.Apply(row, one, Role.Editor).Error is { } refused)
            {
                errors[name] = refused.Message;
            }
        }

        var rest = changes.Where(one => !errors.ContainsKey(one.Key)).ToDictionary(StringComparer.Ordinal);
        if (editor.Apply(row, rest, Role.Editor).Failed(out var next, out var conflict))
        {
            errors[""] = conflict.Message;
            return errors;
        }

        foreach (var name in new SettingsChange(row, next, rest.Keys).Names)
        {
            if (await database.Read(db => checks.Validate(db, next, [name], Role.Editor)) is { } unfitting)
            {
                errors[name] = unfitting.Message;
            }
        }

        return errors;
    }

    /// <summary>All applications with their settings, without counts.</summary>
    public Task<IReadOnlyList<ApplicationRow>> All() => database.Read(store.All);

    public Task<ApplicationRow?> Find(string appId) => database.Read(db => store.Find(db, appId));

    public static ApplicationSettings SettingsOf(ApplicationRow row) => SettingsDocument.Read(row.Settings);

    /// <summary>The reason as it is stored; 602 when it is too long.</summary>
    private async Task<Result<string>> RecordJwtSwitch(DbConnection db, ApplicationRow row, string reason, ChangeContext by)
    {
        if (ApplicationStatusRules.ParseText(reason, ApplicationStatusRules.MaxReasonLength).Failed(out var words, out var refused))
        {
            return refused;
        }

        await jwtSwitches.Insert(
            db,
            new JwtSwitchRow
            {
                Id = Ids.New(clock),
                AppId = row.Id,
                Enabled = SettingsOf(row).JwtEnabled,
                Reason = words,
                Actor = by.Name,
                SwitchedAt = clock.Now(),
            }
        );
        return words;
    }
}
