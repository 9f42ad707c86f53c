using Latchkey.Accounts;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Portal.Messages;

/// <summary>What the frame of <see cref="TemplatePreview"/> holds.</summary>
public sealed class TemplatePreviewRenderer(ApplicationCache applications, TemplateRules rules, TemplateSamples samples)
{
    public async Task<IResult> Show(HttpContext context, string appId, string locale, string kind, Func<TemplateRow, TemplateRow> choose)
    {
        if (
            !Field.IsStorable(appId)
            || await applications.Find(appId) is not { } application
            || !Exists(application.Settings, locale, kind)
            || !TemplateDraft.HasHtml(kind)
        )
        {
            return TypedResults.NotFound();
        }

        var shown = choose(await rules.Find(appId, locale, kind) ?? TemplateDraft.BuiltIn(appId, locale, kind));
        context.Response.Headers.ContentSecurityPolicy = MailPreview.Policy;
        return TypedResults.Text(
            TemplateValidator.IsTooLong(shown)
                ? "The text is too long to show."
                : samples.Html(application, shown, context.Features.GetRequiredFeature<Developer>().Email),
            "text/html; charset=utf-8"
        );
    }

    public static bool Exists(ApplicationSettings settings, string locale, string kind) =>
        settings.Locales.Contains(locale, StringComparer.Ordinal) && MessageKind.Editable.Contains(kind, StringComparer.Ordinal);
}
