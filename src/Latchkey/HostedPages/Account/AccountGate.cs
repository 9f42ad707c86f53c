using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Account;

/// <summary>
/// Lets a request in to an account page: somebody is signed in, the application has the page, a form is one that this server gave to this
/// browser for this session, and what needs a recent proof has one.
/// </summary>
public sealed class AccountGate(PageRequests requests, FormGuard guard, StepUp stepUp, PasskeyParts passkeys, AccountNotes notes)
    : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (request, instead) = await Open(http);
        if (request is null)
        {
            return instead;
        }

        http.Features.Set(request);
        return await next(context);
    }

    private async Task<(AccountRequest? Request, IResult? Instead)> Open(HttpContext http)
    {
        var route =
            http.GetEndpoint()?.Metadata.GetMetadata<AccountRoute>() ?? throw new InvalidOperationException("an account page has a route");
        var caller = LoginPages.CallerOf(http);
        if (!caller.Application.Settings.AccountPages)
        {
            return (null, ProviderPages.Error(http, ErrorCodes.UnknownRoute));
        }

        var page = await requests.OpenAlone(http, caller);
        if (page.User is not { } user)
        {
            var query = AccountPaths.QueryFor(http, route.Path);
            return (null, ProviderPages.SeeOther($"{caller.Issuer}/{LoginPages.LoginPath}?{query}"));
        }

        var own = page.CallerOf(user);
        var request = new AccountRequest(page, route.Path, own, SentForm: null) { PasskeysWork = passkeys.AreUsable(page) };
        if (!route.IsOffered(request))
        {
            return (null, AccountApi.Go(request, AccountPaths.Overview));
        }

        return HttpMethods.IsPost(http.Request.Method) ? await OpenForm(request, route)
            : route.NeedsProof && stepUp.FindMissingProof(own) is not null ? (null, AskForProof(request))
            : (request, null);
    }

    private async Task<(AccountRequest?, IResult?)> OpenForm(AccountRequest request, AccountRoute route)
    {
        if (
            (await OAuthParameters.ReadForm(request.Http.Request)).Value is not { } form
            || !guard.IsOurs(request.Http, request.Page.Caller, form, AccountRequest.FormOf(route.Path, request.Session))
        )
        {
            return (null, notes.Stale(request));
        }

        var sent = request with { SentForm = form };
        return route.NeedsProof && stepUp.FindMissingProof(request.Caller) is not null ? (null, notes.AskForProof(sent)) : (sent, null);
    }

    private static IResult AskForProof(AccountRequest request) =>
        AccountApi.Go(request, AccountPaths.Proof, AccountPaths.QueryFor(request.Http, request.Path));
}
