using System.Text;
using Latchkey.Cryptography;
using Latchkey.Provider;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Providers;

/// <summary>What comes back from a provider.</summary>
public static class ViaAnswerPages
{
    private const string AnswerParameter = "answer";

    public static void MapViaAnswerPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(ViaPaths.Callback, Take);
        pages.MapPost(ViaPaths.Callback, TakeForm);
        pages.MapGet(ViaPaths.Finish, Finish);
    }

    /// <summary>
    /// A form of another site comes without the cookie of the browser (SameSite=Lax). So it is sealed, and the browser brings it by GET.
    /// </summary>
    private static async Task<IResult> TakeForm(HttpContext context, KeyRing ring)
    {
        var caller = LoginPages.CallerOf(context);
        var query = (await OAuthParameters.ReadForm(context.Request)).Value is { } form
            ? string.Join('&', form.All.Select(one => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(one.Value)}"))
            : "";
        var address = ProviderSignIn.CallbackOf(caller, ViaRequest.AliasOf(context));
        return ProviderPages.SeeOther($"{address}?{AnswerParameter}={ring.Encrypt(Purpose(caller), query)}");
    }

    private static async Task<IResult> Take(HttpContext context, ProviderSignIn provider, ViaFinish finish, KeyRing ring)
    {
        var (caller, alias) = (LoginPages.CallerOf(context), ViaRequest.AliasOf(context));
        var query = context.Request.Query[AnswerParameter].ToString() is { Length: > 0 } text
            ? ring.TryOpen(Purpose(caller), text) is { } form
                ? Encoding.UTF8.GetString(form)
                : ""
            : context.Request.QueryString.Value ?? "";
        if (OAuthParameters.ParseQuery(query).Failed(out var answer, out var unreadable))
        {
            return await finish.Refuse(context, caller, alias, begun: null, unreadable);
        }

        var (begun, result) = await provider.Complete(context, caller, alias, answer);
        return begun is null || result.Failed(out var identity, out var refused)
            ? await finish.Refuse(context, caller, alias, begun, result.Error ?? Core.ErrorCodes.ProviderSignInEnded)
            : await finish.Keep(context, caller, alias, begun, identity);
    }

    private static async Task<IResult> Finish(HttpContext context, PageRequests requests, PageSignIn signIn, ViaFinish finish)
    {
        var (via, instead) = await ViaPages.Open(context, requests, signIn);
        return via is null ? LoginPages.Instead(instead) : await finish.Finish(via);
    }

    private static string Purpose(ProviderCaller caller) => $"provider-answer/{caller.Application.Id}";
}
