using System.Globalization;
using System.Net;
using Latchkey.Core;

namespace Latchkey.Applications.Branding;

/// <summary>What an application's branding puts around the text of its pages: logo and name above, and its stylesheet.</summary>
public static class BrandFrame
{
    /// <param name="application">Whose page it is.</param>
    /// <param name="path">The path of the application's issuer, as links have it; <c>~/…</c> is below the path base.</param>
    /// <param name="footer">HTML below the page; empty for nothing.</param>
    public static PageFrame Create(Application application, string path, string footer = "") =>
        Create(application.Name, application.Brand, BrandAddresses.OfPublished(application, path), footer);

    /// <param name="name">What users read.</param>
    /// <param name="brand">Null where nothing was published.</param>
    /// <param name="addresses">Where the brand's files are.</param>
    public static PageFrame Create(string name, BrandVersion? brand, BrandAddresses addresses, string footer) =>
        new(
            $"<header class=\"app\">{Mark(name, brand, addresses)}<bdi class=\"name\">{E(name)}</bdi></header>",
            footer,
            brand is null
                ? ""
                : $"\n<link rel=\"stylesheet\" href=\"{E(addresses.Stylesheet)}\">"
                    + (brand.HasLogo ? $"\n<link rel=\"icon\" href=\"{E(addresses.Logo)}\" type=\"image/png\">" : "")
        );

    /// <summary>The first letter of a name, as a reader sees it.</summary>
    public static string Letter(string name) => StringInfo.GetNextTextElement(name.TrimStart()).ToUpperInvariant();

    private static string Mark(string name, BrandVersion? brand, BrandAddresses addresses)
    {
        if (brand is not { HasLogo: true })
        {
            return $"<span class=\"letter\" aria-hidden=\"true\">{E(Letter(name))}</span>";
        }

        var (width, height) = ((brand.LogoWidth + 1) / 2, (brand.LogoHeight + 1) / 2);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<img class=\"logo\" src=\"{E(addresses.Logo)}\" alt=\"\" width=\"{width}\" height=\"{height}\">"
        );
    }

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
