using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Account;

/// <summary>The pages on which users manage their accounts, at <c>account</c> below the issuer. docs/hosted-pages.md has them.</summary>
public static class AccountApi
{
    public static void MapAccount(this RouteGroupBuilder pages)
    {
        pages.MapGet(AccountPaths.Deleted, DeletionPages.ShowDeleted);
        var account = pages.MapGroup("");
        account.AddEndpointFilter<AccountGate>();
        account.MapOverviewPage();
        account.MapProofPage();
        account.MapProfilePage();
        account.MapEmailPages();
        account.MapPhonePages();
        account.MapPasswordPage();
        account.MapFactorListPage();
        account.MapFactorRemovalPage();
        account.MapAuthenticatorPage();
        account.MapRecoveryCodePages();
        account.MapPasskeyPages();
        account.MapPasskeyAdditionPage();
        account.MapSessionPage();
        account.MapLinkPages();
        account.MapAppPage();
        account.MapDataPages();
        account.MapDeletionPages();
    }

    /// <summary>The request as <see cref="AccountGate"/> let it in.</summary>
    public static AccountRequest RequestOf(HttpContext context) =>
        context.Features.Get<AccountRequest>() ?? throw new InvalidOperationException("the gate did not see this request");

    public static IResult Go(AccountRequest request, string path, string query = "") =>
        ProviderPages.SeeOther(request.Address(path, query));
}
