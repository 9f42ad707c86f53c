namespace Latchkey.HostedPages.Account;

/// <summary>What an account page asks for before it is shown, and before its form is taken.</summary>
/// <param name="Path">One of <see cref="AccountPaths"/>.</param>
/// <param name="NeedsProof">A sign-in or a proof in the last 15 minutes.</param>
/// <param name="IsOffered">Whether there is what the page is for.</param>
public sealed record AccountRoute(string Path, bool NeedsProof, Func<AccountRequest, bool> IsOffered)
{
    /// <summary>The group of a page's GET and POST.</summary>
    public static RouteGroupBuilder Map(
        RouteGroupBuilder account,
        string path,
        bool needsProof = false,
        Func<AccountRequest, bool>? isOffered = null
    ) => account.MapGroup(path).WithMetadata(new AccountRoute(path, needsProof, isOffered ?? (_ => true)));
}
