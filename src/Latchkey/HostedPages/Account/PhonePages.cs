using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>The phone number: a new one is proved by a code. The rules are those of setPhone and verifyPhone.</summary>
public static class PhonePages
{
    private const string PhoneInput = "phone";
    private const string Attributes = "type=\"tel\" autocomplete=\"tel\" dir=\"ltr\" required";

    public static void MapPhonePages(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Phone, needsProof: true, request => request.Settings.AllowsSms);
        page.MapGet("", Show);
        page.MapPost("", Send);
        var code = AccountRoute.Map(account, AccountPaths.PhoneCode, isOffered: request => request.Settings.AllowsSms);
        code.MapGet("", ShowCode);
        code.MapPost("", Verify);
    }

    private static IResult Show(HttpContext context, AccountView view)
    {
        var request = AccountApi.RequestOf(context);
        var text = request.Text;
        return view.Show(
            request,
            text.PhoneHeading,
            note =>
                Card(
                    null,
                    $"""
                {(request.User.Phone is { } phone ? $"<p>{Fill(text.PhoneNow, ("PHONE", phone))}</p>" : "")}
                {view.Form(
                    request,
                    Field(PhoneInput, request.Page.Text.Phone, note.Fields.GetValueOrDefault(PhoneInput, ""), Attributes)
                        + $"<p class=\"quiet\">{E(text.PhoneHint)}</p>"
                        + Button(request.Page.Text.SendSms)
                )}
                """
                ),
            AccountPaths.Profile
        );
    }

    private static async Task<IResult> Send(HttpContext context, AccountNotes notes, PhoneTwoFactor rules)
    {
        var request = AccountApi.RequestOf(context);
        return (await rules.SetPhone(request.Caller, request.Form[PhoneInput] ?? "")).Error is { } refused
            ? await notes.Refuse(request, "setPhone", refused)
            : AccountApi.Go(request, AccountPaths.PhoneCode);
    }

    private static IResult ShowCode(HttpContext context, AccountView view)
    {
        var request = AccountApi.RequestOf(context);
        return request.User.PendingPhone is null
            ? AccountApi.Go(request, AccountPaths.Profile)
            : view.Show(
                request,
                request.Text.PhoneHeading,
                _ =>
                    Card(
                        null,
                        $"<p>{E(request.Page.Text.SmsText)}</p>"
                            + view.Form(request, LoginView.CodeField(request.Page.Text.Code) + Button(request.Page.Text.Continue))
                    ),
                AccountPaths.Phone
            );
    }

    private static async Task<IResult> Verify(HttpContext context, AccountNotes notes, PhoneTwoFactor rules)
    {
        var request = AccountApi.RequestOf(context);
        var code = TypedCode.ParseSixDigits(request.Form["code"] ?? "");
        return await notes.Answer(request, "verifyPhone", await rules.VerifyPhone(request.Caller, code), AccountPaths.Profile, "phone");
    }
}
