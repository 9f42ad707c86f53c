using Latchkey.Api.Profile;
using Latchkey.Core;
using Latchkey.Users.Passwords;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>Changes the password, or sets the first one. The rules are those of changePassword.</summary>
public static class PasswordPages
{
    public static void MapPasswordPage(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Password);
        page.MapGet("", Show);
        page.MapPost("", Change);
    }

    /// <summary>Whether the user has a password or may have one.</summary>
    public static bool IsOffered(AccountRequest request) => request.User.PasswordHash is not null || ChangePassword.SetsFirst(request.User);

    private static IResult Show(HttpContext context, AccountView view, Api.TwoFactor.StepUp stepUp, AccountNotes notes)
    {
        var request = AccountApi.RequestOf(context);
        var (text, isFirst) = (request.Text, request.User.PasswordHash is null);
        if (!IsOffered(request))
        {
            return AccountApi.Go(request, AccountPaths.Overview);
        }

        return isFirst && stepUp.FindMissingProof(request.Caller) is not null
            ? notes.AskForProof(request)
            : view.Show(
                request,
                text.PasswordHeading,
                _ =>
                    Card(
                        null,
                        $"<p>{E(isFirst ? text.PasswordFirst : text.PasswordText)}</p>"
                            + view.Form(
                                request,
                                (
                                    isFirst
                                        ? ""
                                        : Field(
                                            "password",
                                            text.CurrentPassword,
                                            "",
                                            "type=\"password\" autocomplete=\"current-password\" dir=\"ltr\" required"
                                        )
                                )
                                    + Field(
                                        "new-password",
                                        text.NewPassword,
                                        "",
                                        "type=\"password\" autocomplete=\"new-password\" dir=\"ltr\" required"
                                    )
                                    + Button(text.Save)
                            )
                    )
            );
    }

    private static async Task<IResult> Change(HttpContext context, AccountNotes notes, ChangePassword rules)
    {
        const string action = "changePassword";
        var request = AccountApi.RequestOf(context);
        if (
            PasswordPolicy
                .FromTyped(request.Settings, new RawPassword(request.Form["new-password"] ?? ""))
                .Failed(out var next, out var weak)
        )
        {
            return await notes.Refuse(request, action, weak);
        }

        RawPassword? current = request.Form["password"] is { } typed ? new RawPassword(typed) : null;
        return ChangePassword.FindMissingParameter(request.User, current?.Text) is { } missing
            ? await notes.Refuse(request, action, missing)
            : await notes.Answer(request, action, await rules.Change(request.Caller, current, next), AccountPaths.Overview, "password");
    }
}
