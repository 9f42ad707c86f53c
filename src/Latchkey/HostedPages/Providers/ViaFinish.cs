using Latchkey.Api.Authentication;
using Latchkey.Api.Linking;
using Latchkey.Api.Login;
using Latchkey.Api.SocialLogin;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;
using Latchkey.Users.Registration;

namespace Latchkey.HostedPages.Providers;

/// <summary>What follows when a provider has proved somebody: a session, a new user, a link, or the way back to an app.</summary>
public sealed class ViaFinish(
    PendingSignIns pending,
    IdentitySignIn identitySignIn,
    ProviderSignUp signUp,
    AppSignIn apps,
    LinkRules links,
    StepUpRules proofs,
    PageSignIn signIn,
    PageCookies cookies,
    AuthorizationLog log
)
{
    /// <summary>Keeps who was proved, and goes on where the sign-in began.</summary>
    public async Task<IResult> Keep(HttpContext context, ProviderCaller caller, string alias, BegunSignIn begun, PendingIdentity identity)
    {
        await pending.KeepIdentity(context, caller.Application, identity);
        return ProviderPages.SeeOther($"{caller.Issuer}/{ViaPaths.Of(ViaPaths.Finish, alias)}{begun.Query}");
    }

    /// <summary>The page on which the sign-in began says what to do; an app is told. The log has the cause.</summary>
    public async Task<IResult> Refuse(HttpContext context, ProviderCaller caller, string alias, BegunSignIn? begun, Error error)
    {
        await log.Record(caller, ProviderSignIn.Action, error);
        if (begun?.App is { } app)
        {
            return ProviderPages.SeeOther(AppSignIn.AddressOf(app, "error", AppSignIn.ErrorOf(error)));
        }

        var purpose = ViaPages.QueryOf(begun?.Purpose ?? SignInPurpose.Login);
        var path = purpose.Length > 0 ? ViaPaths.Of(ViaPaths.Begin, alias) : LoginPages.LoginPath;
        var query = string.Join('&', ((string[])[begun?.Query.TrimStart('?') ?? "", purpose]).Where(part => part.Length > 0));
        cookies.WriteNote(context, caller.Application, new PageNote(path, error.Code, "", 0));
        return ProviderPages.SeeOther($"{caller.Issuer}/{path}{(query.Length > 0 ? $"?{query}" : "")}");
    }

    /// <summary>Uses up what <see cref="Keep"/> kept.</summary>
    public async Task<IResult> Finish(ViaRequest via)
    {
        if (
            await pending.TakeIdentity(via.Http, via.Caller.Application) is not { OwnerId: null, CodeToken: null } identity
            || identity.IdentityScope != via.Provider.IdentityScope
        )
        {
            return await Refuse(via, ErrorCodes.ProviderSignInEnded);
        }

        return identity.Purpose switch
        {
            SignInPurpose.Link => await Link(via, identity),
            SignInPurpose.Proof => await Prove(via, identity),
            SignInPurpose.App => await FinishForApp(via, identity),
            _ => await LogIn(via, identity),
        };
    }

    /// <summary>A user whose address is proved: the session opens, or the app gets its code.</summary>
    public async Task<IResult> Enter(ViaRequest via, PendingIdentity identity, RegisteredUser registered) =>
        identity.App is { } app
            ? ProviderPages.SeeOther(AppSignIn.AddressOf(app, "code", await apps.IssueCode(via.Caller.Application, identity)))
            : await signIn.Welcome(via.Page, registered.User, UserRegistration.SessionOf(registered));

    /// <summary>The address has a user already. Nothing is linked by it.</summary>
    public async Task<IResult> ShowExisting(ViaRequest via, PendingIdentity identity, string email)
    {
        var owner = await signUp.FindOwner(via.Caller.Application.Id, email);
        await pending.KeepIdentity(via.Http, via.Caller.Application, identity with { OwnerId = owner?.Id });
        return ProviderPages.SeeOther(via.Address(ViaPaths.Exists));
    }

    private async Task<IResult> LogIn(ViaRequest via, PendingIdentity identity)
    {
        var device = cookies.ReadDevice(via.Http, via.Caller.Application);
        var result = await identitySignIn.LogIn(
            via.Page.App,
            identity.ToIdentity(),
            device,
            ProviderSignIn.Action,
            stored => ClaimMetadata.Apply(identity.FreshMetadata, stored)
        );
        return result.Failed(out var answer, out var refused)
            ? await GoOnUnknown(via, identity, refused)
            : await signIn.Next(via.Page, answer, identity.VerifiedEmail ?? "");
    }

    private async Task<IResult> FinishForApp(ViaRequest via, PendingIdentity identity) =>
        (await apps.FindUser(via.Caller.Application, identity)).Failed(out _, out var unknown)
            ? await GoOnUnknown(via, identity, unknown)
            : ProviderPages.SeeOther(
                AppSignIn.AddressOf(
                    identity.App ?? throw new InvalidOperationException("no app waits"),
                    "code",
                    await apps.IssueCode(via.Caller.Application, identity)
                )
            );

    private async Task<IResult> GoOnUnknown(ViaRequest via, PendingIdentity identity, Error error)
    {
        if (SocialUsers.IsAccountExists(error) && identity.VerifiedEmail is { } taken)
        {
            await log.Record(via.Caller, ProviderSignIn.Action, error);
            return await ShowExisting(via, identity, taken);
        }

        var settings = via.Caller.Application.Settings;
        if (error.Code != ErrorCodes.AccountNotFound.Code || !ProviderSignUp.IsAllowed(settings, via.Provider))
        {
            return await Refuse(via, error, identity);
        }

        if (identity.VerifiedEmail is not { } email || ProviderSignUp.ReadMetadata(settings, identity).Error is not null)
        {
            await pending.KeepIdentity(via.Http, via.Caller.Application, identity);
            return ProviderPages.SeeOther(via.Address(ViaPaths.SignUp));
        }

        var made = await signUp.Register(via.Page.App, identity, email, via.Page.Language.Tag, opensSession: identity.App is null);
        return made.Failed(out var registered, out var refused)
            ? SocialUsers.IsAccountExists(refused)
                ? await ShowExisting(via, identity, email)
                : await Refuse(via, refused, identity)
            : await Enter(via, identity, registered);
    }

    private async Task<IResult> Link(ViaRequest via, PendingIdentity identity)
    {
        if (CallerOf(via, identity) is not { } caller)
        {
            return await Refuse(via, ErrorCodes.ProviderSignInEnded.WithCause("another session"));
        }

        var linked = via.Caller.Application.Settings.LinkingEnabled
            ? await links.Link(caller, identity.ToIdentity())
            : ErrorCodes.LinkingDisabled;
        return linked.Error is { } refused
            ? await ViaPages.Refuse(signIn, via, SignInPurpose.Link, refused, caller.User.Handle)
            : ProviderPages.SeeOther(ViaLinkPages.AddressOfList(via.Page));
    }

    private async Task<IResult> Prove(ViaRequest via, PendingIdentity identity) =>
        CallerOf(via, identity) is not { } caller ? await Refuse(via, ErrorCodes.ProviderSignInEnded.WithCause("another session"))
        : (await proofs.ProveByIdentity(caller, identity.ToIdentity())).Error is { } refused
            ? await ViaPages.Refuse(signIn, via, SignInPurpose.Proof, refused, caller.User.Handle)
        : await signIn.Continue(via.Page);

    /// <summary>Whoever began it, still in the same session; null otherwise.</summary>
    private static UserCaller? CallerOf(ViaRequest via, PendingIdentity identity) =>
        via.Page.User is { } user && user.Session.PublicId == identity.SessionId ? via.Page.CallerOf(user) : null;

    private async Task<IResult> Refuse(ViaRequest via, Error error, PendingIdentity? identity = null)
    {
        if (identity?.App is not { } app)
        {
            return await signIn.Refuse(via.Page, LoginPages.LoginPath, ProviderSignIn.Action, error, identity?.VerifiedEmail ?? "");
        }

        await log.Record(via.Caller, ProviderSignIn.Action, error);
        return ProviderPages.SeeOther(AppSignIn.AddressOf(app, "error", AppSignIn.ErrorOf(error)));
    }
}
