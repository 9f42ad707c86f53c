using Latchkey.Applications;
using Latchkey.Messages.Templates;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Portal.Messages;

/// <summary>
/// A template as its readers see it, with sample values, for the frame beside the editor: the saved one or an earlier version by GET, a
/// draft by POST. Nothing is stored, and nothing in it runs.
/// </summary>
public static class TemplatePreview
{
    /// <summary>The number of an earlier version.</summary>
    public const string VersionField = "version";

    public static void MapTemplatePreview(this IEndpointRouteBuilder routes)
    {
        var preview = routes
            .MapGroup($"{PortalServices.Path}/applications/{{appId}}/templates/{{locale}}/{{kind}}/preview")
            .RequireAuthorization(PortalAccessRequirement.Policy)
            .ExcludeFromDescription();
        preview.MapGet("", ShowSaved);
        preview.MapPost("", ShowDraft).WithMetadata(new RequestSizeLimitAttribute(TemplateDraft.MaxBytes));
    }

    private static Task<IResult> ShowSaved(
        string appId,
        string locale,
        string kind,
        TemplatePreviewRenderer frame,
        TemplateRules rules,
        HttpContext context
    ) =>
        frame.Show(
            context,
            (appId, locale, kind),
            FormValues.Query(context.Request, PreviewScheme.Field),
            async saved =>
                FormValues.Query(context.Request, VersionField) is not { Length: > 0 } version ? saved
                : TemplateVersionPage.ParseNumber(version) is { } number
                && await rules.FindVersion(appId, locale, kind, number) is { } earlier
                    ? earlier.ToTemplate(appId, locale, kind)
                : null
        );

    private static Task<IResult> ShowDraft(string appId, string locale, string kind, TemplatePreviewRenderer frame, HttpContext context)
    {
        var form = new FormValues(context.Request);
        return frame.Show(
            context,
            (appId, locale, kind),
            form[PreviewScheme.Field],
            saved => Task.FromResult<TemplateRow?>(TemplateDraft.Read(form, saved))
        );
    }
}
