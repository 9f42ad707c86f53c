using System.Globalization;
using Latchkey.Applications;
using Latchkey.Applications.Branding;
using Latchkey.Core;
using Latchkey.Provider.Pages;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Portal.Branding;

/// <summary>
/// The sign-in page as a draft would make it, for the frame beside the form: the saved draft by GET, what is typed by POST. Nothing is
/// stored. The page is in a sandbox: it runs nothing, sends no form, and only this portal can frame it.
/// </summary>
public static class BrandPreview
{
    public static void MapBrandPreview(this IEndpointRouteBuilder routes)
    {
        var preview = routes
            .MapGroup($"{PortalServices.Path}/applications/{{appId}}/branding/preview")
            .RequireAuthorization(PortalAccessRequirement.Policy)
            .ExcludeFromDescription();
        preview.MapGet("", ShowSaved);
        preview.MapPost("", ShowTyped).WithMetadata(new RequestSizeLimitAttribute(BrandForm.MaxBytes));
        preview.MapGet("style.css", SendStylesheet);
        preview.MapGet("logo.png", SendLogo);
    }

    private static Task<IResult> ShowSaved(
        HttpContext context,
        string appId,
        ApplicationCache applications,
        BrandRules rules,
        ISignInPreview pages
    ) => Show(context, appId, applications, rules, pages, saved => saved, FormValues.Query(context.Request, "show"));

    private static Task<IResult> ShowTyped(
        HttpContext context,
        string appId,
        ApplicationCache applications,
        BrandRules rules,
        ISignInPreview pages
    )
    {
        var form = new FormValues(context.Request);
        return Show(context, appId, applications, rules, pages, saved => BrandForm.ForPreview(BrandForm.Read(form), saved), form["show"]);
    }

    /// <param name="show"><c>light</c> or <c>dark</c>, where the brand leaves it to the device.</param>
    private static async Task<IResult> Show(
        HttpContext context,
        string appId,
        ApplicationCache applications,
        BrandRules rules,
        ISignInPreview pages,
        Func<Brand, Brand> choose,
        string show
    )
    {
        if (await applications.Find(appId) is not { } application)
        {
            return TypedResults.NotFound();
        }

        var draft = (await rules.Show(appId)).Draft;
        var brand = choose(draft.Brand);
        var scheme = brand.Scheme == BrandScheme.Auto && EnumNames.TryParse(show, out BrandScheme asked) ? asked : brand.Scheme;
        var path = $"{context.Request.PathBase}{context.Request.Path.Value?.TrimEnd('/')}";
        var query = new QueryBuilder
        {
            { "color", brand.Color },
            { "radius", brand.Radius.ToString(CultureInfo.InvariantCulture) },
            { "scheme", scheme.ToName() },
        };
        return await pages.Show(
            context,
            application with
            {
                Brand = draft with { Settings = BrandVersion.Write(brand) },
            },
            new BrandAddresses($"{path}/style.css{query}", $"{path}/logo.png?v={draft.ChangedAt}")
        );
    }

    /// <summary>The stylesheet of what the page above shows. It holds no more than the address says.</summary>
    private static IResult SendStylesheet(HttpContext context)
    {
        string Query(string name) => FormValues.Query(context.Request, name);
        var brand = new Brand
        {
            Color = Query("color"),
            Radius = int.TryParse(Query("radius"), NumberStyles.None, CultureInfo.InvariantCulture, out var radius) ? radius : -1,
            Scheme = EnumNames.TryParse(Query("scheme"), out BrandScheme scheme) ? scheme : BrandScheme.Auto,
        };
        // A dark preview of a colour for light pages shows the shade that is computed for dark ones.
        return
            BrandValidation.Check(brand with { Scheme = BrandScheme.Auto }).Failed(out var valid, out _)
            && BrandValidation.Check(brand).Failed(out valid, out _)
            ? TypedResults.NotFound()
            : TypedResults.Text(BrandStylesheet.Write(valid with { Scheme = brand.Scheme }), "text/css; charset=utf-8");
    }

    private static async Task<IResult> SendLogo(string appId, BrandRules rules) =>
        await rules.FindLogo(appId, (await rules.Show(appId)).Draft.Version) is { } png
            ? TypedResults.Bytes(png, "image/png")
            : TypedResults.NotFound();
}
