using System.Text;
using Latchkey.Api.Authentication;
using Latchkey.Api.Linking;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Providers;

/// <summary>Sends a browser to a provider.</summary>
public sealed class ViaStart(ProviderSignIn provider, LinkRules links, PageSignIn signIn, KeyRing ring)
{
    private const string ToParameter = "to";

    /// <summary>To be signed in here.</summary>
    public Task<IResult> LogIn(ViaRequest via) =>
        Go(via, Seed(via, SignInPurpose.Login), via.Page.Ready is { } ready ? ProviderHintsOf.Request(ready) : new ProviderHints());

    /// <summary>To link an account to whoever is signed in, who has proved it in the last 15 minutes.</summary>
    public async Task<IResult> Link(ViaRequest via)
    {
        if (via.Page.User is not { } user)
        {
            return ProviderPages.SeeOther(ViaLinkPages.AddressOfSignIn(via.Page));
        }

        var refused = !via.Caller.Application.Settings.LinkingEnabled
            ? ErrorCodes.LinkingDisabled
            : links.FindRefusal(via.Page.CallerOf(user));
        return refused?.Code == ErrorCodes.StepUpRequired.Code && ViaLinkPages.AddressOfProof(via.Page) is { } proof
                ? ProviderPages.SeeOther(proof)
            : refused is not null ? await ViaPages.Refuse(signIn, via, SignInPurpose.Link, refused, user.User.Handle)
            : await Go(
                via,
                Seed(via, SignInPurpose.Link) with
                {
                    SessionId = user.Session.PublicId,
                },
                new ProviderHints(Prompt: "select_account")
            );
    }

    /// <summary>To prove again who is signed in: by a new sign-in at the provider.</summary>
    public Task<IResult> Prove(ViaRequest via) =>
        via.Page.User is { } user
            ? Go(via, Seed(via, SignInPurpose.Proof) with { SessionId = user.Session.PublicId }, ProviderHints.Anew)
            : Task.FromResult(ProviderPages.SeeOther(ViaLinkPages.AddressOfSignIn(via.Page)));

    /// <summary>To be signed in in an app.</summary>
    public Task<IResult> App(ViaRequest via, AppRequest request) =>
        Go(via, Seed(via, SignInPurpose.App) with { App = request }, new ProviderHints(request.LoginHint));

    /// <summary>Where the page in between leads; null for an address that is not ours.</summary>
    public string? ReadLeaving(ViaRequest via) =>
        ring.TryOpen(Purpose(via), via.Http.Request.Query[ToParameter].ToString()) is { } url ? Encoding.UTF8.GetString(url) : null;

    private async Task<IResult> Go(ViaRequest via, BegunSignIn seed, ProviderHints hints)
    {
        if ((await provider.Begin(via.Http, via.Caller, via.Alias, seed, hints)).Failed(out var url, out var refused))
        {
            return seed.App is { } app ? ProviderPages.SeeOther(AppSignIn.AddressOf(app, "error", AppSignIn.ErrorOf(refused)))
                : seed.Purpose is SignInPurpose.Link or SignInPurpose.Proof
                    ? await ViaPages.Refuse(signIn, via, seed.Purpose, refused, handle: "")
                : await signIn.Refuse(via.Page, LoginPages.LoginPath, ProviderSignIn.Action, refused, handle: "");
        }

        return ProviderPages.SeeOther(
            HttpMethods.IsPost(via.Http.Request.Method)
                ? $"{via.Caller.Issuer}/{via.Path(ViaPaths.Leave)}?{ToParameter}={Uri.EscapeDataString(ring.Encrypt(Purpose(via), url))}"
                : url
        );
    }

    private static BegunSignIn Seed(ViaRequest via, SignInPurpose purpose) =>
        new(
            "",
            "",
            null,
            null,
            purpose,
            via.Page.Address("") is var address && address.Contains('?', StringComparison.Ordinal)
                ? address[address.IndexOf('?', StringComparison.Ordinal)..]
                : ""
        );

    private static string Purpose(ViaRequest via) => $"provider-address/{via.Caller.Application.Id}";
}
