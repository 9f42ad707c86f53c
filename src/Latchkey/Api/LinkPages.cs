using System.Globalization;
using System.Net;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Applications.Branding;
using Latchkey.Core;
using Latchkey.Messages.Templates;

namespace Latchkey.Api;

/// <summary>
/// What the pages behind the links of mails have in common: the look, the brand and the language of the hosted pages. The contract has
/// their addresses and forms.
/// </summary>
public static class LinkPages
{
    private const int MaxTags = 20;

    /// <param name="application">Whose page it is.</param>
    /// <param name="locale">Of the link; the page has it or the nearest one that there are texts in.</param>
    /// <param name="heading">Plain text.</param>
    /// <param name="body">HTML with encoded values.</param>
    /// <param name="status">The HTTP status.</param>
    public static IResult Create(
        Application application,
        string locale,
        string heading,
        string body,
        int status = StatusCodes.Status200OK
    ) =>
        PlainPage.Create(
            $"{heading} – {application.Name}",
            $"<h1>{E(heading)}</h1>{body}",
            status,
            MessageTemplates.BaseLocaleOf(locale),
            frame: BrandFrame.Create(application, $"~/apps/{application.Id}")
        );

    /// <summary>The page of a link that cannot do its work, in the link's language or else the browser's.</summary>
    public static IResult Error(HttpContext context, Error error)
    {
        var locale = FindLocale(context.Request);
        var text = MessageTemplates.LinkError(locale);
        var body = $"""
            <p>{E(Explain(text, error))}</p>
            <p class="quiet" dir="ltr" lang="en">{error.Code.ToString(CultureInfo.InvariantCulture)}: {E(error.Message)}</p>
            """;
        return context.Features.Get<Caller>() is { } caller
            ? Create(caller.Application, locale, text.Heading, body, error.HttpStatus)
            : PlainPage.Create(text.Heading, $"<h1>{E(text.Heading)}</h1>{body}", error.HttpStatus, locale);
    }

    private static string Explain(LinkErrorText text, Error error) =>
        error.HttpStatus >= StatusCodes.Status500InternalServerError && error.Code != ErrorCodes.ServerBusy.Code ? text.Server
        : error.Code == ErrorCodes.SignupCodeExpired.Code ? text.Expired
        : error.Code == ErrorCodes.HandleRegistered.Code ? text.Confirmed
        : error.Code == ErrorCodes.LoginCodeEnded.Code ? text.Ended
        : error.Code == ErrorCodes.TooManyAttempts.Code || error.Code == ErrorCodes.ServerBusy.Code ? text.TooMany
        : text.Broken;

    /// <summary>Of the link, else the browser's first that there are texts in; else English.</summary>
    private static string FindLocale(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptLanguage.Take(MaxTags)
            .Where(language => language.Quality is null or > 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString())
            .Prepend(request.Query["locale"].ToString())
            .Select(FindTexts)
            .FirstOrDefault(found => found is not null)
        ?? MessageTemplates.FallbackLocale;

    private static string? FindTexts(string tag) =>
        LanguageTag.Canonicalize(tag) is { } canonical
        && MessageTemplates.BaseLocaleOf(canonical) is var locale
        && LanguageTag.Language(locale) == LanguageTag.Language(canonical)
            ? locale
            : null;

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
