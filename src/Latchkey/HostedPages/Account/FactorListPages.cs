using Latchkey.Api.TwoFactor;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users.Administration;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>The second factors that a user has and may have, and the devices that are not asked for one.</summary>
public static class FactorListPages
{
    private static readonly string Otp = FactorMethod.Otp.ToName();
    private static readonly string Sms = FactorMethod.Sms.ToName();

    public static void MapFactorListPage(this RouteGroupBuilder account)
    {
        var list = AccountRoute.Map(account, AccountPaths.Factors, isOffered: request => AreOffered(request.Settings));
        list.MapGet("", Show);
        list.MapPost("", Change);
    }

    /// <summary>Whether users of the application can have a second factor, or have kept one that is no longer offered.</summary>
    public static bool AreOffered(ApplicationSettings settings) =>
        settings.HasFactorPolicy || settings.AllowsAuthenticator || settings.AllowsSms;

    private static async Task<IResult> Show(HttpContext context, AccountView view, UserSecondFactors factors)
    {
        var request = AccountApi.RequestOf(context);
        var status = await factors.Find(request.Settings, request.User);
        return view.Show(
            request,
            request.Text.FactorsHeading,
            _ =>
                $"""
                    <p class="lead">{E(request.Settings.RequiresFactor ? request.Text.FactorsRequired : request.Text.FactorsText)}</p>
                    {Authenticator(request)}
                    {Phone(view, request)}
                    {Passkeys(request)}
                    {Codes(request, status)}
                    {Devices(view, request, status.Devices)}
                    """
        );
    }

    private static async Task<IResult> Change(
        HttpContext context,
        AccountNotes notes,
        StepUp stepUp,
        PhoneTwoFactor phone,
        UserSecondFactors factors
    )
    {
        var request = AccountApi.RequestOf(context);
        if (request.Form["action"] == "forget")
        {
            var forgotten = await factors.ForgetDevices(request.User, request.Actor);
            return await notes.Answer(request, "forgetDevices", forgotten, AccountPaths.Factors, "forgotten");
        }

        if (!request.Settings.AllowsSms)
        {
            return AccountApi.Go(request, AccountPaths.Factors);
        }

        return stepUp.FindMissingProof(request.Caller) is { } missing
            ? await notes.Refuse(request, "setTwoFactorPhoneVerification", missing)
            : await notes.Answer(
                request,
                "setTwoFactorPhoneVerification",
                await phone.SetEnabled(request.Caller, enabled: true),
                AccountPaths.Factors,
                "factorOn"
            );
    }

    private static string Authenticator(AccountRequest request)
    {
        var (text, isOn) = (request.Text, request.User.TwoFactorGoogle);
        return !isOn && !request.Settings.AllowsAuthenticator
            ? ""
            : Section(
                text.OtpHeading,
                isOn ? text.On : text.Off,
                (request.Settings.AllowsAuthenticator ? Link(request, AccountPaths.Authenticator, isOn ? text.OtpReplace : text.SetUp) : "")
                    + (isOn ? " " + Link(request, AccountPaths.RemoveFactor, text.Remove, $"id={Otp}") : "")
            );
    }

    private static string Phone(AccountView view, AccountRequest request)
    {
        var (text, user) = (request.Text, request.User);
        return user is { TwoFactorPhone: true, Phone: { } number }
                ? Section(text.SmsHeading, $"{text.On} ({number})", Link(request, AccountPaths.RemoveFactor, text.Remove, $"id={Sms}"))
            : !request.Settings.AllowsSms ? ""
            : user.Phone is null ? Section(text.SmsHeading, text.Off, Link(request, AccountPaths.Phone, text.PhoneAdd))
            : Section(text.SmsHeading, $"{text.Off} ({user.Phone})", view.Form(request, Button(text.SwitchOn, "sms-on")));
    }

    private static string Passkeys(AccountRequest request) =>
        request.Settings.CountsPasskeysAsFactor
            ? Section(
                request.Text.PasskeysHeading,
                request.User.PasskeyCount > 0 ? request.Text.On : request.Text.Off,
                Link(request, AccountPaths.Passkeys, request.Text.PasskeysHeading)
            )
            : "";

    private static string Codes(AccountRequest request, FactorStatus status) =>
        request.Settings.HasFactorPolicy && FactorMethods.Of(request.Settings, request.User).Count > 0
            ? Section(
                request.Text.CodesHeading,
                Plain(request.Text.CodesLeft, "N", $"{status.RecoveryCodesLeft}"),
                Link(request, AccountPaths.RecoveryCodes, request.Text.CodesRenew)
            )
            : "";

    private static string Devices(AccountView view, AccountRequest request, IReadOnlyList<RememberedDevice> devices) =>
        devices.Count == 0
            ? ""
            : Card(
                E(request.Text.DevicesHeading),
                $"<ul>{string.Concat(devices.Select(device => Row(request, device)))}</ul>"
                    + view.Form(request, Button(request.Text.DevicesForget, "forget", "second"))
            );

    private static string Row(AccountRequest request, RememberedDevice device) =>
        $"<li><bdi>{E(NameOf(request, device))}</bdi> {Time(device.CreatedAt)}</li>";

    private static string NameOf(AccountRequest request, RememberedDevice device) =>
        $"{(device.DeviceName.Length > 0 ? device.DeviceName : request.Page.Text.DeviceUnknown)} ({device.Client})";

    private static string Section(string heading, string state, string html) =>
        Card(
            $"{E(heading)} <span class=\"badge\">{E(state)}</span>",
            html.StartsWith("<form", StringComparison.Ordinal) ? html : $"<p class=\"links\">{html}</p>"
        );
}
