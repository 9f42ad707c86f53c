using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Flow;

namespace Latchkey.HostedPages.Providers;

/// <summary>Opens pages that work on somebody whom a provider has proved.</summary>
public sealed class ViaPending(PageRequests requests, PageSignIn signIn, PendingSignIns pending)
{
    /// <summary>The request and who was proved, by this very provider; what is answered in their place otherwise.</summary>
    public async Task<(ViaRequest? Via, PendingIdentity? Identity, IResult? Instead)> Open(HttpContext context)
    {
        var (via, instead) = await ViaPages.Open(context, requests, signIn);
        if (via is null)
        {
            return (null, null, instead);
        }

        return
            await pending.FindIdentity(context, via.Caller.Application) is { } identity
            && identity.IdentityScope == via.Provider.IdentityScope
            && identity.Purpose is SignInPurpose.Login or SignInPurpose.App
            ? (via, identity, null)
            : (
                null,
                null,
                await signIn.Refuse(via.Page, LoginPages.LoginPath, ProviderSignIn.Action, ErrorCodes.ProviderSignInEnded, handle: "")
            );
    }
}
