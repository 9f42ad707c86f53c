using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;

namespace Latchkey.Portal.Messages;

/// <summary>A template with sample values, which cannot be used for anything.</summary>
public sealed class TemplateSamples(MessageComposer composer, InstallationSettings installation)
{
    private const string Digits = "123456";
    private const string Key = "JBSWY3DPEHPK3PXP";

    /// <summary>As <see cref="MessageComposer.IsFramed"/>.</summary>
    public bool IsFramed(Application application, TemplateRow template) =>
        composer.IsFramed(application, TemplateOf(template), template.Kind, template.Locale);

    public MessageBody Compose(Application application, TemplateRow template, string handle) =>
        composer.Compose(application, TemplateOf(template), template.Kind, template.Locale, Values(application, template.Kind, handle));

    /// <summary>The HTML as a browser can show it: with the picture in it that a mail brings along.</summary>
    public string Html(Application application, TemplateRow template, string handle)
    {
        var body = Compose(application, template, handle);
        return body.QrCode is { } png
            ? body.Html.Replace($"cid:{MessageBody.QrCodeId}", $"data:image/png;base64,{png}", StringComparison.Ordinal)
            : body.Html;
    }

    private static Template TemplateOf(TemplateRow row) => new(row.Subject, row.Html, row.LinkText, row.ReplyTo);

    private MacroValues Values(Application application, string kind, string handle) =>
        new(handle, kind == MessageKind.ClickThrough ? "" : "203.0.113.7")
        {
            Code =
                TemplateMacros.RequiredBy(kind) != TemplateMacros.Code ? null
                : kind == MessageKind.QrCode ? Totp.FormatSecret(Key)
                : Digits,
            Link = TemplateMacros.HasLink(kind) ? $"{installation.PublicUrl}/?sample=1" : null,
            Provider = TemplateMacros.HasProvider(kind) ? "Google" : null,
            QrCode = kind == MessageKind.QrCode ? Convert.ToBase64String(QrCode.Png(Totp.KeyUri(application.Name, handle, Key))) : null,
        };
}
