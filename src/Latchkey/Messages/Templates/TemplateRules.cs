using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>Reads, replaces and resets a developer's own templates.</summary>
public sealed class TemplateRules(
    Database database,
    ApplicationStore store,
    ApplicationCache applications,
    AuditStore audit,
    TimeProvider clock
)
{
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

    /// <summary>Saves a template. 602 with a sentence when it is invalid; <see cref="EditConflict"/>.</summary>
    /// <param name="basedOn">When the edited version was saved; 0 for the built-in one; null to overwrite any version.</param>
    public async Task<Result<Done>> Save(Application application, TemplateRow template, Actor actor, long? basedOn = null)
    {
        if (Validate(application, template) is { } why)
        {
            return ErrorCodes.InvalidData with { Message = why };
        }

        return await Change(
            application.Id,
            template.Locale,
            template.Kind,
            actor,
            "saveTemplate",
            basedOn,
            (db, current) =>
                store.SaveTemplate(
                    db,
                    template with
                    {
                        AppId = application.Id,
                        UpdatedAt = Math.Max(clock.Now(), (current?.UpdatedAt ?? 0) + 1),
                    }
                )
        );
    }

    /// <summary>Returns to the built-in template.</summary>
    public Task<Result<Done>> Reset(string appId, string locale, string kind, Actor actor, long? basedOn = null) =>
        Change(appId, locale, kind, actor, "resetTemplate", basedOn, (db, _) => store.DeleteTemplate(db, appId, locale, kind));

    private async Task<Result<Done>> Change(
        string appId,
        string locale,
        string kind,
        Actor actor,
        string action,
        long? basedOn,
        Func<System.Data.Common.DbConnection, TemplateRow?, Task> change
    )
    {
        var changed = await database.Write<Result<Done>>(async db =>
        {
            if (await store.FindForUpdate(db, appId) is null)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            var current = await store.Template(db, appId, locale, kind);
            if (basedOn is { } seen && seen != (current?.UpdatedAt ?? 0))
            {
                return EditConflict;
            }

            await change(db, current);
            await audit.Add(db, new AuditEntry(appId, action, "", actor) { Detail = $"{locale} {kind}" });
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
