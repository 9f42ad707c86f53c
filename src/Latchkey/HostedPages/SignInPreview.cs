using Latchkey.Applications;
using Latchkey.Applications.Branding;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>The sign-in page for the portal's preview. Its form has no key and is in a sandbox, so nobody can sign in with it.</summary>
public sealed class SignInPreview(LoginView view, Issuers issuers) : ISignInPreview
{
    /// <summary>allow-same-origin, so that cookies of the portal come with the request for the draft's logo.</summary>
    private const string Policy =
        "sandbox allow-same-origin; default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
        + "frame-ancestors 'self'";

    public async Task<IResult> Show(HttpContext context, Application application, BrandAddresses files)
    {
        context.Features.Set(new PagePreview(files));
        var client = ClientAddress.From(context.Connection.RemoteIpAddress);
        var caller = new ProviderCaller(application, client, issuers.Of(application));
        var page = await view.Login(new PageRequest(context, caller, PageLanguage.Choose(context.Request, []), Ready: null, User: null));
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.XFrameOptions = "SAMEORIGIN";
            context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return page;
    }
}
