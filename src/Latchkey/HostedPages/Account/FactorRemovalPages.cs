using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>Switches a second factor off, after a question. The last one stays where the application requires one.</summary>
public static class FactorRemovalPages
{
    private static readonly string Otp = FactorMethod.Otp.ToName();
    private static readonly string Sms = FactorMethod.Sms.ToName();

    public static void MapFactorRemovalPage(this RouteGroupBuilder account)
    {
        var removal = AccountRoute.Map(
            account,
            AccountPaths.RemoveFactor,
            needsProof: true,
            request => FactorListPages.AreOffered(request.Settings)
        );
        removal.MapGet("", AskToRemove);
        removal.MapPost("", Remove);
    }

    private static IResult AskToRemove(HttpContext context, AccountView view)
    {
        var request = AccountApi.RequestOf(context);
        var text = request.Text;
        return request.Id != Otp && request.Id != Sms
            ? AccountApi.Go(request, AccountPaths.Factors)
            : view.Show(
                request,
                request.Id == Otp ? text.RemoveOtpHeading : text.RemoveSmsHeading,
                _ => Card(null, $"<p>{E(text.RemoveFactorText)}</p>" + view.Form(request, Button(text.Remove, style: "danger"))),
                AccountPaths.Factors
            );
    }

    private static async Task<IResult> Remove(HttpContext context, AccountNotes notes, GoogleTwoFactor authenticator, PhoneTwoFactor phone)
    {
        var request = AccountApi.RequestOf(context);
        var result =
            request.Id == Otp ? await authenticator.Disable(request.Caller)
            : request.Id == Sms ? await phone.SetEnabled(request.Caller, enabled: false)
            : ErrorCodes.InvalidData.WithCause("no such factor");
        var action = request.Id == Sms ? "setTwoFactorPhoneVerification" : AuthenticatorSetup.Action;
        return await notes.Answer(request, action, result, AccountPaths.Factors, "factorOff");
    }
}
