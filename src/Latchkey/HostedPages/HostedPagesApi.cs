using Latchkey.Provider;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>The pages below the issuer. Other sites can neither frame them nor send their forms.</summary>
public static class HostedPagesApi
{
    public static void MapHostedPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(ProviderRoutes.Prefix).ExcludeFromDescription().WithMetadata(ProviderErrorForms.Page);
        pages.AddEndpointFilter(
            async (context, next) =>
            {
                ProviderPages.SetHeaders(context.HttpContext);
                return await ProviderRoutes.FindCaller(context.HttpContext) is { } refused
                    ? ProviderPages.Error(context.HttpContext, refused)
                    : await next(context);
            }
        );
        pages.MapLoginPages();
        pages.MapFactorPages();
        pages.MapAccountPages();
        pages.MapConsentPages();
        pages.MapDevicePages();
        pages.MapLogoutPages();
    }
}
