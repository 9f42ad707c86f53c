using Latchkey.Accounts;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
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
        var preview = routes.MapGroup($"{PortalServices.Path}/applications/{{appId}}/templates/{{locale}}/{{kind}}/preview").RequireAuthorization(PortalAccessRequirement.Policy).ExcludeFromDescription();
        preview.MapGet("", ShowSaved);
        preview.MapPost("", ShowDraft).WithMetadata(new RequestSizeLimitAttribute(TemplateDraft.MaxBytes));
    }

    private static Task<IResult> ShowSaved(string appId, string locale, string kind, TemplatePreviewRenderer frame, HttpContext context) =>
        frame.Show(context, appId, locale, kind, saved => saved);

    private static Task<IResult> ShowDraft(string appId, string locale, string kind, TemplatePreviewRenderer frame, HttpContext context) =>
        frame.Show(context, appId, locale, kind, saved => TemplateDraft.Read(new FormValues(context.Request), saved));
}

/// <summary>What the frame of <see cref="TemplatePreview"/> holds.</summary>
public sealed class TemplatePreviewRenderer(ApplicationCache directory, TemplateRules rules, TemplateSamples samples)
{
    public async Task<IResult> Show(HttpContext context, string appId, string locale, string kind, Func<TemplateRow, TemplateRow> choose)
    {
        if (!Field.IsStorable(appId) || await directory.Find(appId) is not { } application || !Exists(application.Settings, locale, kind) || !TemplateDraft.HasHtml(kind))
        {
            return TypedResults.NotFound();
        }

        var shown = choose(await rules.Find(appId, locale, kind) ?? TemplateDraft.BuiltIn(appId, locale, kind));
        context.Response.Headers.ContentSecurityPolicy = MailPreview.Policy;
        return TypedResults.Text(
            TemplateValidator.IsTooLong(shown) ? "The text is too long to be shown." : samples.Html(application, shown, context.Features.Get<Developer>()!.Email),
            "text/html; charset=utf-8");
    }

    public static bool Exists(ApplicationSettings settings, string locale, string kind) =>
        settings.Locales.Contains(locale, StringComparer.Ordinal) && MessageKind.Editable.Contains(kind, StringComparer.Ordinal);
}
