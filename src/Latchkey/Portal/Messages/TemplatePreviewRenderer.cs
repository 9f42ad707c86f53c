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
    /// <param name="which">The application, the locale and the kind of the template.</param>
    /// <param name="scheme">As in <see cref="PreviewScheme"/>.</param>
    /// <param name="choose">Given the template in use, what to show; null for nothing.</param>
    public async Task<IResult> Show(
        HttpContext context,
        (string AppId, string Locale, string Kind) which,
        string scheme,
        Func<TemplateRow, Task<TemplateRow?>> choose
    )
    {
        var (appId, locale, kind) = which;
        if (
            !Field.IsStorable(appId)
            || await applications.Find(appId) is not { } application
            || !Exists(application.Settings, locale, kind)
            || !TemplateDraft.HasHtml(kind)
            || await choose(await TemplateDraft.InUse(rules, appId, locale, kind)) is not { } shown
        )
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.ContentSecurityPolicy = MailPreview.Policy;
        return TypedResults.Text(
            TemplateValidator.IsTooLong(shown)
                ? "The text is too long to show."
                : PreviewScheme.Apply(
                    samples.Html(application, shown, context.Features.GetRequiredFeature<Developer>().Email),
                    PreviewScheme.Read(scheme)
                ),
            "text/html; charset=utf-8"
        );
    }

    public static bool Exists(ApplicationSettings settings, string locale, string kind) =>
        settings.Locales.Contains(locale, StringComparer.Ordinal) && MessageKind.Editable.Contains(kind, StringComparer.Ordinal);
}
