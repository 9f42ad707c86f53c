using System.Globalization;
using Latchkey.Core;

namespace Latchkey.Applications.Branding;

/// <summary>What a brand may say. Its values stand on pages and in a stylesheet, so each is of one narrow kind.</summary>
public static class BrandValidation
{
    public const int MaxNameLength = 100;
    public const int MaxRadius = 24;
    public const int MaxUrlLength = 500;

    /// <summary>The brand with its values in one spelling; 602 with a sentence for what is wrong.</summary>
    public static Result<Brand> Check(Brand brand)
    {
        brand = brand with
        {
            Name = brand.Name.Trim(),
            Color = Rgb.Parse(brand.Color.Trim())?.ToString() ?? brand.Color,
            TermsUrl = brand.TermsUrl.Trim(),
            PrivacyUrl = brand.PrivacyUrl.Trim(),
            HelpUrl = brand.HelpUrl.Trim(),
        };
        return FindProblem(brand) is { } problem ? ErrorCodes.InvalidData with { Message = problem } : brand;
    }

    private static string? FindProblem(Brand brand) =>
        FindNameProblem(brand.Name)
        ?? FindColorProblem(brand.Color, brand.Scheme)
        ?? (brand.Radius is >= 0 and <= MaxRadius ? null : $"The corner radius is 0 to {MaxRadius} pixels.")
        ?? (Enum.IsDefined(brand.Scheme) ? null : "Pages are auto, light or dark.")
        ?? FindUrlProblem(brand.TermsUrl, "terms", allowsMail: false)
        ?? FindUrlProblem(brand.PrivacyUrl, "privacy policy", allowsMail: false)
        ?? FindUrlProblem(brand.HelpUrl, "help", allowsMail: true);

    private static string? FindNameProblem(string name) =>
        name.Length == 0 || DisplayName.ParseApplication(name, MaxNameLength) is not null
            ? null
            : $"A name has at most {MaxNameLength} characters on one line, without a link or an e-mail address.";

    /// <summary>A colour that could not be read is refused, and the sentence has the nearest one that can.</summary>
    private static string? FindColorProblem(string text, BrandScheme scheme)
    {
        var isDark = scheme == BrandScheme.Dark;
        return Rgb.Parse(text) is not { } color ? "A colour is a # with six digits from 0 to f, such as #0b6e57."
            : BrandPalette.Holds(color, isDark) ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{color} cannot be read on a {(isDark ? "dark" : "light")} page: its contrast is too low, text needs "
                    + $"{BrandPalette.MinContrast}:1. The nearest colour that holds is {BrandPalette.Nearest(color, isDark)}."
            );
    }

    private static string? FindUrlProblem(string url, string what, bool allowsMail) =>
        url.Length == 0 || (url.Length <= MaxUrlLength && IsPlain(url) && (IsWebAddress(url) || (allowsMail && IsMailAddress(url))))
            ? null
            : $"The link to {what} must begin with https://{(allowsMail ? ", or with mailto: and an e-mail address" : "")}. "
                + $"It has at most {MaxUrlLength} letters of ASCII.";

    private static bool IsPlain(string url) => !url.Any(c => c is <= ' ' or > '~' or '"' or '\'' or '<' or '>' or '\\' or '`');

    private static bool IsWebAddress(string url) =>
        url.StartsWith("https://", StringComparison.Ordinal)
        && Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed is { Scheme: "https", Host.Length: > 0 }
        && !url["https://".Length..].Split('/', '?', '#')[0].Contains('@', StringComparison.Ordinal);

    private static bool IsMailAddress(string url) =>
        url.StartsWith("mailto:", StringComparison.Ordinal)
        && !url.Contains('?', StringComparison.Ordinal)
        && Handle.ParseEmail(url["mailto:".Length..]).Error is null;
}
