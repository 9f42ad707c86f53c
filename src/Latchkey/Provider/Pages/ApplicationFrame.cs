using System.Collections.Frozen;
using System.Net;
using Latchkey.Applications;
using Latchkey.Applications.Branding;
using Latchkey.Core;
using Latchkey.Messages.Templates;

namespace Latchkey.Provider.Pages;

/// <summary>What all pages of an application have around their text: its brand above, its links and the languages below.</summary>
public static class ApplicationFrame
{
    private static readonly FrozenSet<string> Repeated = new[]
    {
        "request",
        "method",
        "sent",
        "id",
        "user_code",
        "client_id",
        "id_token_hint",
        "logout_hint",
        "post_logout_redirect_uri",
        "state",
        "ui_locales",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static PageFrame Of(HttpContext context, Application application, PageLanguage language) =>
        BrandFrame.Create(
            application.Name,
            application.Brand,
            context.Features.Get<PagePreview>()?.Files ?? BrandAddresses.OfPublished(application, ProviderPaths.Of(context, application)),
            Footer(context.Request, application.Brand?.Brand, language)
        );

    /// <summary>What stands below a page; empty for nothing.</summary>
    public static string Footer(HttpRequest request, Brand? brand, PageLanguage language)
    {
        var text = language.Text;
        var links = Link(brand?.TermsUrl, text.TermsLink) + Link(brand?.PrivacyUrl, text.PrivacyLink) + Link(brand?.HelpUrl, text.HelpLink);
        var languages = CanReopen(request) ? LanguageChoice(request, language) : "";
        return links.Length + languages.Length > 0 ? $"<footer class=\"foot\">{links}{languages}</footer>" : "";
    }

    private static string Link(string? url, string label) => url is { Length: > 0 } ? $"<a href=\"{E(url)}\">{E(label)}</a>" : "";

    /// <summary>What stands in the address of a page is repeated only where it is known. The rest could be anything.</summary>
    private static bool CanReopen(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Query.All(parameter =>
            parameter.Key == PageLanguage.Parameter
            || parameter.Value is [{ } value] && (Repeated.Contains(parameter.Key) || parameter.Key == "continue" && IsPage(value))
        );

    private static bool IsPage(string text) => text == "device" || text.StartsWith("account", StringComparison.Ordinal);

    /// <summary>A form that opens the same page again. It works without scripts, and has the page's parameters once.</summary>
    private static string LanguageChoice(HttpRequest request, PageLanguage current)
    {
        var hidden = request
            .Query.Where(parameter => parameter.Key != PageLanguage.Parameter)
            .Select(parameter => $"<input type=\"hidden\" name=\"{E(parameter.Key)}\" value=\"{E(parameter.Value.ToString())}\">");
        return $"""
            <details class="languages">
            <summary><span class="unseen">{E(current.Text.Language)}: </span>{E(Languages.Get(current.Tag).NativeName)}</summary>
            <form>{string.Concat(hidden)}<ul>{string.Concat(PageLanguage.All.Select(one => Choice(one, current.Tag)))}</ul></form>
            </details>
            """;
    }

    private static string Choice(Language language, string current)
    {
        var (tag, mark) = (language.Code.ToLowerInvariant(), language.Code == current ? " aria-current=\"true\"" : "");
        return $"<li><button name=\"{PageLanguage.Parameter}\" value=\"{tag}\" lang=\"{tag}\"{mark}>{E(language.NativeName)}</button></li>";
    }

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
