namespace Latchkey.HostedPages.Account;

/// <summary>Keeps what goes on on the next page of an account, sealed in the browser.</summary>
public sealed class AccountSteps(PageCookies cookies)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public void Write(AccountRequest request, AccountStep step) =>
        cookies.Write(
            request.Http,
            request.Application,
            PageCookies.AccountStep,
            step with
            {
                Session = request.Session.PublicId,
            },
            HostedPagesJson.Default.AccountStep,
            Lifetime
        );

    /// <summary>What goes on, if it is of this session; null for nothing.</summary>
    public AccountStep? Read(AccountRequest request) =>
        cookies.Read(request.Http, request.Application, PageCookies.AccountStep, HostedPagesJson.Default.AccountStep) is { } step
        && step.Session == request.Session.PublicId
            ? step
            : null;

    public void Delete(AccountRequest request) => cookies.Delete(request.Http, request.Application, PageCookies.AccountStep);
}
