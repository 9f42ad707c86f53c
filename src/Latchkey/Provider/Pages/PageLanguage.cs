using System.Collections.Concurrent;
using System.Text.Json;
using Latchkey.Core;
using Latchkey.Messages.Templates;
using Latchkey.Provider.Sessions;

namespace Latchkey.Provider.Pages;

/// <summary>A language of the pages.</summary>
/// <param name="Tag">As in <see cref="LanguageTag"/>.</param>
/// <param name="Text">Its texts.</param>
public sealed record PageLanguage(string Tag, PageText Text)
{
    /// <summary>The parameter of a page's address with the language that the user chose.</summary>
    public const string Parameter = "lang";

    private const int MaxTags = 20;
    private const string Folder = "PageTexts/";
    private static readonly ConcurrentDictionary<string, PageLanguage> Loaded = new(StringComparer.Ordinal);

    /// <summary>The locales that there are texts in, sorted by their names for themselves.</summary>
    public static IReadOnlyList<Language> All { get; } =
    [
        .. typeof(PageLanguage)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => Languages.Get(Path.GetFileNameWithoutExtension(name)))
            .OrderBy(language => language.NativeName, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The first language that there are texts in: what the user chose, of the request's ui_locales, then of the browser's; else English.
    /// </summary>
    public static PageLanguage Choose(HttpRequest request, IEnumerable<string> uiLocales) =>
        Chosen(request).Concat(uiLocales).Concat(Accepted(request)).Select(Find).FirstOrDefault(found => found is not null)
        ?? Load(MessageTemplates.FallbackLocale);

    /// <summary>The language in the address, to be remembered; null for none that there are texts in.</summary>
    public static PageLanguage? FindChosen(HttpRequest request) => Find(request.Query[Parameter].ToString());

    /// <summary>What the user chose on this page or on an earlier one.</summary>
    private static IEnumerable<string> Chosen(HttpRequest request) =>
        request.Query[Parameter].Append(ProviderCookies.ReadLanguage(request)).OfType<string>();

    /// <summary>Of the header Accept-Language (RFC 9110 §12.5.4), the best first.</summary>
    private static IEnumerable<string> Accepted(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptLanguage.Take(MaxTags)
            .Where(language => language.Quality is null or > 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString());

    private static PageLanguage? Find(string tag) =>
        LanguageTag.Canonicalize(tag) is { } canonical
        && MessageTemplates.BaseLocaleOf(canonical) is var locale
        && LanguageTag.Language(locale) == LanguageTag.Language(canonical)
        && HasTexts(locale)
            ? Load(locale)
            : null;

    private static bool HasTexts(string locale) => typeof(PageLanguage).Assembly.GetManifestResourceInfo(FileOf(locale)) is not null;

    private static PageLanguage Load(string locale) =>
        Loaded.GetOrAdd(
            locale,
            static name =>
            {
                using var file = typeof(PageLanguage).Assembly.GetManifestResourceStream(FileOf(name));
                var text = file is null ? null : JsonSerializer.Deserialize(file, PageTextJson.Default.PageText);
                return new(name, text ?? throw new InvalidOperationException($"the program lacks the texts of its pages in {name}"));
            }
        );

    private static string FileOf(string locale) => $"{Folder}{locale}.json";
}
