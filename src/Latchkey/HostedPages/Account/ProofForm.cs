using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>The form of one way to prove who one is.</summary>
public static class ProofForm
{
    /// <param name="isSent">A code was sent.</param>
    /// <param name="passkey">The form of a passkey; empty for the other ways.</param>
    public static string Html(AccountView view, AccountRequest request, string method, bool isSent, string passkey)
    {
        var page = request.Page.Text;
        return method switch
        {
            ProofMethod.Password => view.Form(
                request,
                Field("password", page.Password, "", "type=\"password\" autocomplete=\"current-password\" dir=\"ltr\" required autofocus")
                    + Button(page.Continue)
            ),
            ProofMethod.Passkey => passkey,
            ProofMethod.Mail or ProofMethod.Sms => Sent(view, request, method, isSent),
            ProofMethod.Recovery => view.Form(
                request,
                Field(
                    "code",
                    page.RecoveryCode,
                    "",
                    "type=\"text\" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" dir=\"ltr\" autofocus"
                ) + Button(page.Continue)
            ),
            _ => view.Form(request, $"<p>{E(page.OtpText)}</p>" + LoginView.CodeField(page.Code) + Button(page.Continue)),
        };
    }

    /// <summary>A code is sent only when it is asked for.</summary>
    private static string Sent(AccountView view, AccountRequest request, string method, bool isSent)
    {
        var (text, page, isMail) = (request.Text, request.Page.Text, method == ProofMethod.Mail);
        return isSent
            ? view.Form(
                request,
                $"<p>{(isMail ? Fill(page.CodeText, ("HANDLE", request.User.Handle)) : E(page.SmsText))}</p>"
                    + LoginView.CodeField(page.Code)
                    + Button(page.Continue)
                    + LoginView.Button("send", isMail ? text.SendMailAgain : page.SendSmsAgain)
            )
            : view.Form(request, Button(isMail ? text.SendMail : page.SendSms, "send"));
    }
}
