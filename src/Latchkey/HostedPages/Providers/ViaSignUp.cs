using Latchkey.Api.SocialLogin;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;
using Latchkey.Users;

namespace Latchkey.HostedPages.Providers;

/// <summary>What the forms do by which somebody signs up whom a provider has proved.</summary>
public sealed class ViaSignUp(
    PendingSignIns pending,
    ProviderSignUp signUp,
    ProviderAddressProof proof,
    ViaFinish finish,
    PageSignIn signIn
)
{
    public async Task<IResult> Take(ViaRequest via, PendingIdentity identity, OAuthParameters form)
    {
        var (page, path) = (via.Page, via.Path(ViaPaths.SignUp));
        var settings = ViaView.MissingFields(via.Caller.Application.Settings, identity);
        if (!ProviderSignUp.IsAllowed(settings, via.Provider))
        {
            return await signIn.Refuse(page, LoginPages.LoginPath, ProviderSignUp.Action, ErrorCodes.AccountNotFound, handle: "");
        }

        var email = identity.VerifiedEmail ?? form["email"] ?? "";
        if (MetadataInputs.Read(settings, form).Failed(out var fields, out var missing))
        {
            return await signIn.Refuse(
                page,
                path,
                ProviderSignUp.Action,
                missing,
                MetadataInputs.Typed(settings, form) with
                {
                    Handle = email,
                }
            );
        }

        var typed = Metadata.Validate(settings.MetaData, fields.Document).Value ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var filled = identity with { Metadata = identity.Metadata.Concat(typed).ToDictionary(StringComparer.Ordinal) };
        return identity.VerifiedEmail is not null
            ? await Register(
                via,
                filled,
                await signUp.Register(page.App, filled, email, page.Language.Tag, filled.App is null),
                email,
                path
            )
            : await Mail(via, filled, email);
    }

    public async Task<IResult> TakeCode(ViaRequest via, PendingIdentity identity, string code)
    {
        var (page, path) = (via.Page, via.Path(ViaPaths.Code));
        if ((await proof.Verify(page.App, identity, code)).Failed(out var request, out var wrong))
        {
            return await signIn.Refuse(page, path, ProviderSignUp.Action, wrong, identity.TypedEmail ?? "");
        }

        if (await signUp.FindOwner(via.Caller.Application.Id, request.Handle) is not null)
        {
            return await finish.ShowExisting(via, identity, request.Handle);
        }

        var made = await signUp.Register(
            page.App,
            identity,
            request.Handle,
            page.Language.Tag,
            identity.App is null,
            db => proof.Use(db, page.App, request)
        );
        return await Register(via, identity, made, request.Handle, path);
    }

    private async Task<IResult> Mail(ViaRequest via, PendingIdentity identity, string email)
    {
        var (page, path) = (via.Page, via.Path(ViaPaths.SignUp));
        if ((await proof.Send(page.App, email, page.Locale ?? "EN")).Failed(out var token, out var refused))
        {
            return await signIn.Refuse(page, path, ProviderSignUp.Action, refused, email);
        }

        await pending.KeepIdentity(
            via.Http,
            via.Caller.Application,
            identity with
            {
                TypedEmail = Handle.ParseEmail(email).Value.Text,
                CodeToken = token,
            }
        );
        return ProviderPages.SeeOther(via.Address(ViaPaths.Code));
    }

    private async Task<IResult> Register(
        ViaRequest via,
        PendingIdentity identity,
        Result<Users.Registration.RegisteredUser> made,
        string email,
        string path
    )
    {
        if (made.Failed(out var registered, out var refused))
        {
            return SocialUsers.IsAccountExists(refused)
                ? await finish.ShowExisting(via, identity, email)
                : await signIn.Refuse(via.Page, path, ProviderSignUp.Action, refused, email);
        }

        await pending.TakeIdentity(via.Http, via.Caller.Application);
        return await finish.Enter(via, identity, registered);
    }
}
