using System.Globalization;
using Latchkey.Applications.Branding;
using Latchkey.Core;
using Latchkey.Provider;
using Microsoft.Net.Http.Headers;

namespace Latchkey.HostedPages;

/// <summary>The files of a published brand. A version never changes, so browsers ask once.</summary>
public static class BrandFiles
{
    private const string Immutable = "public, max-age=31536000, immutable";

    /// <summary>A picture that is opened alone is no page: nothing in it runs, and it loads nothing.</summary>
    private const string PicturePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";

    public static void MapBrandFiles(this RouteGroupBuilder files)
    {
        files.MapGet("brand/{file}", SendStylesheet);
        files.MapGet("brand/{version}/logo.png", SendLogo);
    }

    /// <param name="file">The version and <c>.css</c>.</param>
    private static async Task<IResult> SendStylesheet(HttpContext context, string file, BrandRules rules)
    {
        var application = LoginPages.CallerOf(context).Application;
        var version = file.EndsWith(".css", StringComparison.Ordinal) ? Number(file[..^".css".Length]) : 0;
        var found = application.Brand?.Version == version ? application.Brand : await rules.FindPublished(application.Id, version);
        return found is null
            ? ApiResults.From(ErrorCodes.UnknownRoute)
            : Send(context, () => TypedResults.Text(BrandStylesheet.Write(found.Brand), "text/css; charset=utf-8"));
    }

    private static async Task<IResult> SendLogo(HttpContext context, string version, BrandRules rules)
    {
        var application = LoginPages.CallerOf(context).Application;
        if (Number(version) is not (> 0 and var number) || await rules.FindLogo(application.Id, number) is not { } png)
        {
            return ApiResults.From(ErrorCodes.UnknownRoute);
        }

        context.Response.Headers.ContentSecurityPolicy = PicturePolicy;
        return Send(context, () => TypedResults.Bytes(png, "image/png"));
    }

    private static IResult Send(HttpContext context, Func<IResult> file)
    {
        context.Response.Headers[HeaderNames.CacheControl] = Immutable;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return file();
    }

    /// <summary>A number as this server writes it; 0 for anything else.</summary>
    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number.ToString(CultureInfo.InvariantCulture) == text
            ? number
            : 0;
}
