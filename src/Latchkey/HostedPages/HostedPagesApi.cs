using Latchkey.HostedPages.Account;
using Latchkey.HostedPages.Providers;
using Latchkey.Provider;
using Latchkey.Provider.Pages;
using Latchkey.Provider.Sessions;

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
                if (await ProviderRoutes.FindCaller(context.HttpContext) is { } refused)
                {
                    return ProviderPages.Error(context.HttpContext, refused);
                }

                KeepLanguage(context.HttpContext);
                return await next(context);
            }
        );
        pages.MapLoginPages();
        pages.MapViaPages();
        pages.MapFactorPages();
        pages.MapPasskeyOfferPages();
        pages.MapSignUpPages();
        pages.MapConfirmPages();
        pages.MapResetPages();
        pages.MapAccountChoicePages();
        pages.MapConsentPages();
        pages.MapDevicePages();
        pages.MapLogoutPages();
        pages.MapBrandFiles();
        pages.MapAccount();
    }

    private static void KeepLanguage(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && PageLanguage.FindChosen(context.Request) is { } language)
        {
            var services = context.RequestServices;
            services
                .GetRequiredService<ProviderCookies>()
                .WriteLanguage(
                    context,
                    LoginPages.CallerOf(context).Application,
                    language.Tag,
                    services.GetRequiredService<TimeProvider>().GetUtcNow()
                );
        }
    }
}
