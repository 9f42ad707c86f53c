using System.Data.Common;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>Reads, replaces and resets a developer's own templates, and goes back to earlier versions of them.</summary>
public sealed class TemplateRules(
    Database database,
    ApplicationStore store,
    TemplateVersionStore versions,
    ApplicationCache applications,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>How many saved versions of a template are kept, to go back to.</summary>
    public const int MaxVersions = 20;

    /// <summary>There is no such version of the template.</summary>
    public static readonly Error NoSuchVersion = ErrorCodes.InvalidData with { Message = "This template has no version with this number." };

    /// <summary>The template was changed since it was read; nothing was saved.</summary>
    public static readonly Error EditConflict = ErrorCodes.InvalidData with { Message = "Somebody else changed this template." };

    /// <summary>The effective template, and whether it is the application's own.</summary>
    public static (Template Template, bool IsOwn) GetEffective(Application application, string locale, string kind) =>
        MessageTemplates.Own(application, locale, kind) is { } own ? (own, true) : (MessageTemplates.BuiltIn(locale, kind), false);

    /// <summary>The application's own template as stored; null while the built-in one is in use.</summary>
    public Task<TemplateRow?> Find(string appId, string locale, string kind) =>
        database.Read(db => store.Template(db, appId, locale, kind));

    /// <summary>The application's own templates in all locales ever offered, with the time of change and without their texts.</summary>
    public Task<IReadOnlyList<TemplateRow>> Own(string appId) => database.Read(db => store.TemplateVersions(db, appId));

    /// <summary>The versions that were saved, without their texts, the newest first.</summary>
    public Task<IReadOnlyList<TemplateVersion>> Versions(string appId, string locale, string kind) =>
        database.Read(db => versions.List(db, appId, locale, kind));

    /// <summary>A version that was saved, with its text; null for none.</summary>
    public Task<TemplateVersion?> FindVersion(string appId, string locale, string kind, long version) =>
        database.Read(db => versions.Find(db, appId, locale, kind, version));

    /// <summary>Saves a template. 602 with a sentence when it is invalid; <see cref="EditConflict"/>.</summary>
    /// <param name="basedOn">When the edited version was saved; 0 for the built-in one; null to overwrite any version.</param>
    public Task<Result<Done>> Save(Application application, TemplateRow template, Actor actor, long? basedOn = null) =>
        Save(application, template, actor, basedOn, restoredFrom: null);

    /// <summary>
    /// Saves the text of an earlier version again, under the next number. <see cref="NoSuchVersion"/>; 602 with a sentence when it does
    /// not meet today's rules.
    /// </summary>
    public async Task<Result<Done>> Restore(Application application, string locale, string kind, long version, Actor actor) =>
        await FindVersion(application.Id, locale, kind, version) is { } earlier
            ? await Save(application, earlier.ToTemplate(application.Id, locale, kind), actor, basedOn: null, version)
            : NoSuchVersion;

    /// <summary>Returns to the built-in template. The versions stay.</summary>
    public Task<Result<Done>> Reset(string appId, string locale, string kind, Actor actor, long? basedOn = null) =>
        Change(
            appId,
            new AuditEntry(appId, "resetTemplate", "", actor) { Detail = $"{locale} {kind}" },
            (locale, kind),
            basedOn,
            (db, _) => store.DeleteTemplate(db, appId, locale, kind)
        );

    private async Task<Result<Done>> Save(Application application, TemplateRow template, Actor actor, long? basedOn, long? restoredFrom)
    {
        if (Validate(application, template) is { } why)
        {
            return ErrorCodes.InvalidData with { Message = why };
        }

        var earlier = restoredFrom is { } number ? string.Create(CultureInfo.InvariantCulture, $", as version {number}") : "";
        return await Change(
            application.Id,
            new AuditEntry(application.Id, "saveTemplate", "", actor) { Detail = $"{template.Locale} {template.Kind}{earlier}" },
            (template.Locale, template.Kind),
            basedOn,
            async (db, current) =>
            {
                var next = template with { AppId = application.Id, UpdatedAt = Math.Max(clock.Now(), (current?.UpdatedAt ?? 0) + 1) };
                if (current is not null && current with { UpdatedAt = next.UpdatedAt } == next)
                {
                    return false;
                }

                await store.SaveTemplate(db, next);
                await versions.Add(db, next, actor.Name, restoredFrom, MaxVersions);
                return true;
            }
        );
    }

    /// <param name="change">Given the template in use, null for the built-in one; false when it is like that already.</param>
    private async Task<Result<Done>> Change(
        string appId,
        AuditEntry entry,
        (string Locale, string Kind) which,
        long? basedOn,
        Func<DbConnection, TemplateRow?, Task<bool>> change
    )
    {
        var changed = await database.Write<Result<Done>>(async db =>
        {
            if (await store.FindForUpdate(db, appId) is null)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            var current = await store.Template(db, appId, which.Locale, which.Kind);
            if (basedOn is { } seen && seen != (current?.UpdatedAt ?? 0))
            {
                return EditConflict;
            }

            if (await change(db, current))
            {
                await audit.Add(db, entry);
            }

            return default(Done);
        });
        applications.Invalidate(appId);
        return changed;
    }

    private static string? Validate(Application application, TemplateRow template) =>
        !MessageKind.Editable.Contains(template.Kind, StringComparer.Ordinal)
            ? $"There is no template {template.Kind}. The templates are {string.Join(", ", MessageKind.Editable)}."
        : !application.Settings.Locales.Contains(template.Locale, StringComparer.Ordinal)
            ? $"The application does not have the locale {template.Locale}."
        : TemplateValidator.Validate(template).Values.FirstOrDefault();
}
