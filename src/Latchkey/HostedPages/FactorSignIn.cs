using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>
/// The second factor of a sign-in, or setting one up. The rules are those of loginComplete, loginFactor and enrollFactor.
/// </summary>
public sealed class FactorSignIn(
    LoginCompletion completion,
    LoginFactor sms,
    EnrollmentStart enrollment,
    PageSignIn signIn,
    PageCookies cookies
)
{
    private static readonly string Otp = FactorMethod.Otp.ToName();
    private static readonly string Sms = FactorMethod.Sms.ToName();
    private static readonly string Passkey = FactorMethod.Passkey.ToName();

    public async Task<IResult> Complete(PageRequest page, SignInStep step, string loginToken, OAuthParameters form)
    {
        var method = step.Methods is null && step.Enroll is null ? null : form["method"];
        var typed = form["code"] ?? "";
        var passkey = method == Passkey ? PasskeyAnswerInput.From(form[PasskeyParts.TokenField], form[PasskeyParts.CredentialField]) : null;
        var code =
            method == Passkey ? null
            : method == FactorMethod.Recovery.ToName() ? typed
            : TypedCode.ParseSixDigits(typed);
        var proof = new LoginProof(loginToken, code, method, form["remember"] == "1", passkey);
        if ((await completion.Open(page.App, proof)).Failed(out var completed, out var refused))
        {
            return await Refuse(page, "loginComplete", refused, method);
        }

        var (context, application) = (page.Http, page.Caller.Application);
        if (completed.DeviceToken is { } device)
        {
            cookies.WriteDevice(context, application, device);
        }

        if (completed.RecoveryCodes is not { } codes)
        {
            cookies.DeleteStep(context, application);
            return await signIn.Enter(page, completed.User, completed.Session, step.CanMakePasskey);
        }

        var next = await signIn.Remember(page, completed.Session);
        cookies.WriteStep(context, application, new SignInStep { RecoveryCodes = codes });
        return ProviderPages.SeeOther(next.Address(LoginPages.RecoveryCodesPath));
    }

    public async Task<IResult> SendSms(PageRequest page, string loginToken) =>
        (await sms.Send(page.App, loginToken)).Error is { } refused
            ? await Refuse(page, "loginFactor", refused, Sms)
            : ProviderPages.SeeOther(page.Address(LoginPages.FactorPath, $"method={Sms}"));

    public async Task<IResult> StartAuthenticator(PageRequest page, SignInStep step, string loginToken)
    {
        if ((await enrollment.StartAuthenticator(page.App, loginToken)).Failed(out var key, out var refused))
        {
            return await Refuse(page, EnrollmentStart.Action, refused, null);
        }

        var next = step with { KeyUri = key.KeyUri, Key = key.GoogleSecretKey };
        cookies.WriteStep(page.Http, page.Caller.Application, next);
        return ProviderPages.SeeOther(page.Address(LoginPages.FactorPath, $"method={Otp}"));
    }

    public async Task<IResult> StartPhone(PageRequest page, SignInStep step, string loginToken, OAuthParameters form)
    {
        if ((await enrollment.StartPhone(page.App, loginToken, form["phone"] ?? "")).Error is { } refused)
        {
            return await Refuse(page, EnrollmentStart.Action, refused, null);
        }

        cookies.WriteStep(page.Http, page.Caller.Application, step with { IsPhoneAsked = true });
        return ProviderPages.SeeOther(page.Address(LoginPages.FactorPath, $"method={Sms}"));
    }

    private Task<IResult> Refuse(PageRequest page, string action, Error error, string? method) =>
        signIn.Refuse(
            page,
            LoginPages.FactorPath,
            action,
            error,
            handle: "",
            method is null ? "" : $"method={Uri.EscapeDataString(method)}"
        );
}
