using Latchkey.Api.SocialLogin;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;
using Latchkey.Users;

namespace Latchkey.HostedPages.Providers;

/// <summary>
/// The pages for somebody whom nobody here knows: what the provider did not say is asked for, and an address is proved by a mailed code
/// before a user is made.
/// </summary>
public static class ViaSignUpPages
{
    public static void MapViaSignUpPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(ViaPaths.SignUp, Show);
        pages.MapPost(ViaPaths.SignUp, Take);
        pages.MapGet(ViaPaths.Code, ShowCode);
        pages.MapPost(ViaPaths.Code, TakeCode);
        pages.MapGet(ViaPaths.Exists, ShowExisting);
    }

    private static async Task<IResult> Show(HttpContext context, ViaPending work, ViaView view)
    {
        var (via, identity, instead) = await work.Open(context);
        return via is null || identity is null ? LoginPages.Instead(instead) : view.SignUp(via, identity);
    }

    private static async Task<IResult> Take(HttpContext context, ViaPending work, ViaSignUp signUp, PageSignIn signIn, FormGuard guard)
    {
        var (via, identity, instead) = await work.Open(context);
        return via is null || identity is null ? LoginPages.Instead(instead)
            : await LoginPages.ReadForm(via.Page, guard, via.Path(ViaPaths.SignUp)) is { } form ? await signUp.Take(via, identity, form)
            : signIn.Stale(via.Page, via.Path(ViaPaths.SignUp));
    }

    private static async Task<IResult> ShowCode(HttpContext context, ViaPending work, ViaView view)
    {
        var (via, identity, instead) = await work.Open(context);
        return via is null || identity is null ? LoginPages.Instead(instead)
            : identity.CodeToken is null ? ProviderPages.SeeOther(via.Address(ViaPaths.SignUp))
            : view.Code(via, identity);
    }

    private static async Task<IResult> TakeCode(HttpContext context, ViaPending work, ViaSignUp signUp, PageSignIn signIn, FormGuard guard)
    {
        var (via, identity, instead) = await work.Open(context);
        return via is null || identity is null ? LoginPages.Instead(instead)
            : await LoginPages.ReadForm(via.Page, guard, via.Path(ViaPaths.Code)) is { } form
                ? await signUp.TakeCode(via, identity, form["code"] ?? "")
            : signIn.Stale(via.Page, via.Path(ViaPaths.Code));
    }

    private static async Task<IResult> ShowExisting(HttpContext context, ViaPending work)
    {
        var (via, identity, instead) = await work.Open(context);
        return via is null || identity is null
            ? LoginPages.Instead(instead)
            : ViaView.Exists(
                via,
                identity,
                identity.App is { } app ? AppSignIn.AddressOf(app, "error", AppSignIn.ErrorOf(ErrorCodes.EmailAccountExists)) : null
            );
    }
}
