using System.Net;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>What the pages of the second factor look like.</summary>
public sealed class FactorView(FormGuard guard, PageCookies cookies, PasskeyParts passkeys)
{
    private static readonly string Otp = FactorMethod.Otp.ToName();
    private static readonly string Sms = FactorMethod.Sms.ToName();
    private static readonly string Passkey = FactorMethod.Passkey.ToName();
    private static readonly string Recovery = FactorMethod.Recovery.ToName();

    /// <param name="page">The page.</param>
    /// <param name="step">The sign-in that waits.</param>
    /// <param name="asked">The method that the user chose; empty for none.</param>
    public async Task<IResult> Show(PageRequest page, SignInStep step, string asked)
    {
        var note = cookies.TakeNote(page.Http, page.Caller.Application, LoginPages.FactorPath);
        var isEnrollment = step.Enroll is { Count: > 0 };
        var body = isEnrollment ? await Enrollment(page, step, asked) : await Proof(page, step, asked);
        return page.Show(
            isEnrollment ? page.Text.EnrollHeading : page.Text.FactorHeading,
            $"""
            {NoteText.Html(page.Text, note)}
            {body}
            <p class="links"><a href="{E(page.Address(LoginPages.LoginPath))}">{E(page.Text.StartAgain)}</a></p>
            """,
            NoteText.Status(note),
            scripts: passkeys.AreUsable(page) ? PasskeyParts.Scripts : null
        );
    }

    public IResult ShowRecoveryCodes(PageRequest page, IReadOnlyList<string> codes) =>
        page.Show(
            page.Text.RecoveryHeading,
            $"""
            <p>{E(page.Text.RecoveryCodesText)}</p>
            <ul class="codes" dir="ltr">{string.Concat(codes.Select(code => $"<li>{E(code)}</li>"))}</ul>
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, LoginPages.RecoveryCodesPath)}
            <button type="submit">{E(page.Text.Kept)}</button>
            </form>
            """
        );

    private async Task<string> Proof(PageRequest page, SignInStep step, string asked)
    {
        var (text, settings) = (page.Text, page.Caller.Application.Settings);
        string[] methods = [.. step.Methods ?? [settings.TwoFactorVerification == TwoFactorMethod.Phone ? Sms : Otp]];
        var method = methods.Contains(asked) ? asked : methods[0];
        var remember = RememberedDevices.AreOn(settings) ? Remember(text.Remember) : "";
        if (method == Passkey)
        {
            return $"""
                <p>{E(text.PasskeyText)}</p>
                {PasskeyParts.Missing(page)}
                {await passkeys.Factor(page, step.LoginToken ?? "", MethodField(Passkey) + remember)}
                {Others(page, methods, method)}
                """;
        }

        return Form(
                page,
                $"""
                <p>{E(
                    method == Otp ? text.OtpText
                    : method == Sms ? text.SmsText
                    : text.RecoveryText
                )}</p>
                {(method == Recovery ? RecoveryField(text.RecoveryCode) : LoginView.CodeField(text.Code))}
                {remember}
                <button type="submit">{E(text.Continue)}</button>
                {(method == Sms ? LoginView.Button("sms", text.SendSmsAgain) : "")}
                """,
                method
            ) + Others(page, methods, method);
    }

    /// <summary>The ways to the other methods. A code by SMS is sent only when it is asked for.</summary>
    private string Others(PageRequest page, string[] methods, string current)
    {
        var text = page.Text;
        string Link(string method, string label) =>
            methods.Contains(method) && method != current
                ? $"<a href=\"{E(page.Address(LoginPages.FactorPath, $"method={method}"))}\">{E(label)}</a>"
                : "";
        var sms =
            methods.Contains(Sms) && current != Sms && methods.Contains(Otp) ? Form(page, LoginView.Button("sms", text.SendSms), Sms) : "";
        var links =
            Link(Otp, text.UseOtp)
            + (sms.Length > 0 ? "" : Link(Sms, text.UseSms))
            + (passkeys.AreUsable(page) ? Link(Passkey, text.UsePasskey) : "")
            + Link(Recovery, text.UseRecovery);
        return sms + (links.Length > 0 ? $"<p class=\"links\">{links}</p>" : "");
    }

    private async Task<string> Enrollment(PageRequest page, SignInStep step, string asked)
    {
        var text = page.Text;
        if (step is { KeyUri: { } uri, Key: { } key } && asked != Sms)
        {
            return Form(
                page,
                $"""
                <p>{E(text.EnrollOtpText)}</p>
                <p class="picture"><img src="{AuthenticatorKey.ImageOf(uri)}" alt="" width="220" height="220"></p>
                <p class="key" dir="ltr">{E(key)}</p>
                {LoginView.CodeField(text.Code)}
                <button type="submit">{E(text.Continue)}</button>
                """,
                Otp
            );
        }

        if (step.IsPhoneAsked && asked == Sms)
        {
            return Form(
                page,
                $"""
                <p>{E(text.SmsText)}</p>
                {LoginView.CodeField(text.Code)}
                <button type="submit">{E(text.Continue)}</button>
                """,
                Sms
            );
        }

        var (otp, sms) = (
            step.Enroll?.Contains(Otp, StringComparer.Ordinal) == true,
            step.Enroll?.Contains(Sms, StringComparer.Ordinal) == true
        );
        var passkey =
            step.Enroll?.Contains(Passkey, StringComparer.Ordinal) == true
                ? await passkeys.Enrollment(page, step.LoginToken ?? "", MethodField(Passkey))
                : "";
        return !otp && !sms && passkey.Length == 0
            ? $"<p>{Fill(text.EnrollElsewhere, ("APP_NAME", page.Caller.Application.Name))}</p>"
            : $"<p>{Fill(text.EnrollText, ("APP_NAME", page.Caller.Application.Name))}</p>"
                + (otp ? Form(page, $"<button type=\"submit\" name=\"action\" value=\"enroll-otp\">{E(text.EnrollOtp)}</button>", Otp) : "")
                + (sms ? Form(page, PhoneField(text.Phone) + LoginView.Button("enroll-sms", text.EnrollPhone), Sms) : "")
                + (!otp && !sms ? PasskeyParts.Missing(page) : "")
                + passkey;
    }

    private string Form(PageRequest page, string fields, string method) =>
        $"""
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, LoginPages.FactorPath)}
            {MethodField(method)}
            {fields}
            </form>
            """;

    private static string MethodField(string method) => $"<input type=\"hidden\" name=\"method\" value=\"{method}\">";

    private static string RecoveryField(string label) =>
        $"""
            <label for="code">{E(label)}</label>
            <input id="code" name="code" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" dir="ltr" autofocus>
            """;

    private static string PhoneField(string label) =>
        $"""
            <label for="phone">{E(label)}</label>
            <input id="phone" name="phone" type="tel" autocomplete="tel" dir="ltr">
            """;

    private static string Remember(string label) =>
        $"<label class=\"check\"><input type=\"checkbox\" name=\"remember\" value=\"1\"> {WebUtility.HtmlEncode(label)}</label>";
}
