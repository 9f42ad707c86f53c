using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Portal.Messages;

/// <summary>
/// A template as its readers see it, with sample values, for the frame beside the editor: the saved one by GET, a draft by POST.
/// Nothing is stored, and nothing in it runs.
/// </summary>
public static class TemplatePreview
{
    public static void MapTemplatePreview(this IEndpointRouteBuilder routes)
    {
        var preview = routes
            .MapGroup($"{PortalServices.Path}/applications/{{appId}}/templates/{{locale}}/{{kind}}/preview")
            .RequireAuthorization(PortalAccessRequirement.Policy)
            .ExcludeFromDescription();
        preview.MapGet("", ShowSaved);
        preview.MapPost("", ShowDraft).WithMetadata(new RequestSizeLimitAttribute(TemplateDraft.MaxBytes));
    }

    private static Task<IResult> ShowSaved(string appId, string locale, string kind, TemplatePreviewRenderer frame, HttpContext context) =>
        frame.Show(context, appId, locale, kind, saved => saved);

    private static Task<IResult> ShowDraft(string appId, string locale, string kind, TemplatePreviewRenderer frame, HttpContext context) =>
        frame.Show(context, appId, locale, kind, saved => TemplateDraft.Read(new FormValues(context.Request), saved));
}
