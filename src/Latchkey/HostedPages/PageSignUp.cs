using Latchkey.Api.Profile;
using Latchkey.Api.Signup;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Pages;
using Latchkey.Users;
using Latchkey.Users.Passwords;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.HostedPages;

/// <summary>What the forms of the sign-up pages do. The rules are those of the API's signup, completeSignup and setUserName.</summary>
public sealed class PageSignUp(
    SignupRules rules,
    SignupCompletion completion,
    ProfileRules profile,
    CodeSignIn codes,
    PageSignIn signIn,
    PageCookies cookies,
    PasskeyParts passkeys
)
{
    private const string Action = "signup";

    /// <summary>Whether somebody who has just signed up may choose a user name.</summary>
    public static bool NeedsName(PageRequest page, User user) =>
        page.Caller.Application.Settings.UserNamesEnabled && user.UserName is null && !user.Anonymous;

    /// <summary>
    /// Whether people can sign up without a password: by a code that signs in, or with a passkey on the next page where this page can make
    /// one.
    /// </summary>
    public bool AllowsNoPassword(PageRequest page) =>
        page.Caller.Application.Settings is var settings
        && (settings.CodesSignUp || (settings.PasswordOptional && passkeys.AreUsable(page)));

    public async Task<IResult> Request(PageRequest page, OAuthParameters form)
    {
        var typed = new RawPassword(form["password"] ?? "");
        return MetadataInputs.Read(page.Caller.Application.Settings, form).Failed(out var fields, out var missing)
                ? await Refuse(page, form, missing)
            : PasswordPolicy.ParseTyped(page.Caller.Application.Settings, typed).Failed(out var password, out var weak)
                ? await Refuse(page, form, ErrorCodes.PasswordPolicy.WithCause(weak.Cause ?? weak.Message))
            : await SignUp(page, form, password, fields.Document);
    }

    public async Task<IResult> RequestWithoutPassword(PageRequest page, OAuthParameters form) =>
        !AllowsNoPassword(page) ? signIn.Stale(page, SignUpPages.Path)
        : MetadataInputs.Read(page.Caller.Application.Settings, form).Failed(out var fields, out var missing)
            ? await Refuse(page, form, missing)
        : page.Caller.Application.Settings.CodesSignUp ? await codes.Request(page, form, SignUpPages.Path, fields.Document)
        : await SignUp(page, form, password: null, fields.Document);

    public async Task<IResult> SendAgain(PageRequest page, MailedStep step) =>
        step.Draft is not { } draft ? ProviderPages.SeeOther(page.Address(SignUpPages.Path))
        : (await rules.SendAgain(page.DiscreetApp, draft)).Error is { } refused
            ? await signIn.Refuse(page, SignUpPages.MailPath, Action, refused, step.Handle)
        : signIn.Tell(page, SignUpPages.MailPath, PageNote.MailedAgain, step.Handle);

    /// <summary>The code that was mailed to whoever uses this browser.</summary>
    public async Task<IResult> Complete(PageRequest page, MailedStep step, string typed) =>
        (await completion.Open(page.App, step.Handle, TypedCode.ParseSixDigits(typed), opensSession: true, step.Draft)).Failed(
            out var registered,
            out var refused
        )
            ? await signIn.Refuse(page, SignUpPages.MailPath, "completeSignup", refused, step.Handle)
            : await Enter(page, registered);

    /// <summary>Signs the new user in, and goes on.</summary>
    public Task<IResult> Enter(PageRequest page, RegisteredUser registered)
    {
        cookies.DeleteSignUp(page.Http, page.Caller.Application);
        return signIn.Welcome(page, registered.User, UserRegistration.SessionOf(registered));
    }

    public async Task<IResult> SetName(PageRequest page, SessionUser user, string name)
    {
        var set = await profile.SetUserName(page.CallerOf(user), name);
        return set.Error is { } refused
            ? await signIn.Refuse(page, SignUpPages.NamePath, "setUserName", refused, name)
            : await AfterName(page);
    }

    public async Task<IResult> AfterName(PageRequest page) =>
        page.User is { User.PasswordHash: null }
            ? ProviderPages.SeeOther(page.Address(PasskeyOfferPages.Path))
            : await signIn.Continue(page);

    private async Task<IResult> SignUp(PageRequest page, OAuthParameters form, RawPassword? password, string? metaData)
    {
        var link = $"{page.Caller.Issuer}/{ConfirmPages.Path}";
        var result = await rules.SignUp(page.DiscreetApp, form["handle"] ?? "", password, metaData, page.Locale, link);
        if (result.Failed(out var answer, out var refused))
        {
            return await Refuse(page, form, refused);
        }

        if (answer is Registered registered)
        {
            return await Enter(page, registered.User);
        }

        if (answer is not MailSent { Draft: var draft })
        {
            throw new InvalidOperationException("a signup ends registered or with a mail");
        }

        var step = new MailedStep
        {
            Handle = draft.Handle,
            Draft = draft,
            Request = page.RequestText,
        };
        cookies.WriteSignUp(page.Http, page.Caller.Application, step);
        return ProviderPages.SeeOther(page.Address(SignUpPages.MailPath));
    }

    private Task<IResult> Refuse(PageRequest page, OAuthParameters form, Error error) =>
        signIn.Refuse(page, SignUpPages.Path, Action, error, MetadataInputs.Typed(page.Caller.Application.Settings, form));
}
