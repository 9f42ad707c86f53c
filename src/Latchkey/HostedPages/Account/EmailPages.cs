using Latchkey.Api.Profile;
using Latchkey.Core;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>Changes the e-mail address: a new one is proved by a code that is mailed there, and the old one is told.</summary>
public static class EmailPages
{
    private const string EmailInput = "email";
    private const string Attributes =
        "type=\"email\" autocomplete=\"email\" autocapitalize=\"none\" spellcheck=\"false\" dir=\"ltr\" required";

    public static void MapEmailPages(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Email, needsProof: true, request => request.Settings.AddressChangeEnabled);
        page.MapGet("", Show);
        page.MapPost("", Send);
        var code = AccountRoute.Map(account, AccountPaths.EmailCode, isOffered: request => request.Settings.AddressChangeEnabled);
        code.MapGet("", ShowCode);
        code.MapPost("", Verify);
    }

    private static IResult Show(HttpContext context, AccountView view)
    {
        var request = AccountApi.RequestOf(context);
        var text = request.Text;
        return view.Show(
            request,
            text.EmailHeading,
            note =>
                Card(
                    null,
                    $"<p>{Fill(text.EmailText, ("HANDLE", request.User.Handle))}</p>"
                        + view.Form(
                            request,
                            Field(EmailInput, text.EmailNew, note.Fields.GetValueOrDefault(EmailInput, ""), Attributes)
                                + Button(text.SendMail)
                        )
                ),
            AccountPaths.Profile
        );
    }

    private static async Task<IResult> Send(HttpContext context, AccountNotes notes, AddressChangeRequest rules)
    {
        var request = AccountApi.RequestOf(context);
        return (await rules.Request(request.Caller, request.Form[EmailInput] ?? "")).Error is { } refused
            ? await notes.Refuse(request, AddressChangeRequest.Action, refused)
            : AccountApi.Go(request, AccountPaths.EmailCode);
    }

    private static async Task<IResult> ShowCode(HttpContext context, AccountView view, AddressChange rules)
    {
        var request = AccountApi.RequestOf(context);
        return await rules.FindPending(request.User) is not { } address
            ? AccountApi.Go(request, AccountPaths.Profile)
            : view.Show(
                request,
                request.Text.EmailHeading,
                _ =>
                    Card(
                        null,
                        $"<p>{Fill(request.Text.EmailCodeText, ("HANDLE", address))}</p>"
                            + view.Form(request, LoginView.CodeField(request.Page.Text.Code) + Button(request.Page.Text.Continue))
                    ),
                AccountPaths.Email
            );
    }

    private static async Task<IResult> Verify(HttpContext context, AccountNotes notes, AddressChange rules)
    {
        var request = AccountApi.RequestOf(context);
        var code = TypedCode.ParseSixDigits(request.Form["code"] ?? "");
        var changed = await rules.Confirm(request.Caller, code);
        return await notes.Answer(request, AddressChange.Action, changed, AccountPaths.Profile, "email");
    }
}
