using Latchkey.Applications.Settings;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Second factors of the app-user API.</summary>
public static class TwoFactorApi
{
    public static void MapTwoFactor(this RouteGroupBuilder api)
    {
        api.MapPost("loginComplete", Complete).Takes(TokenKind.AppOrAccess).Produces<SignedIn>().WithSummary("Finish a login with the second factor's code.");
        api.MapPost("setTwoFactorGoogleVerification", SetGoogle).Takes(TokenKind.Access).Needs(s => s.TwoFactorVerification == "google", ErrorCodes.GoogleTwoFactorOff).Produces<AuthenticatorKey>()
            .WithSummary("Switch the authenticator app on, with a fresh secret, or off.");
        var phone = api.MapGroup("").Takes(TokenKind.Access);
        phone.MapPost("setPhone", SetPhone).Needs(IsPhone, ErrorCodes.PhoneTwoFactorOff).WithSummary("Send a code to a phone number.");
        phone.MapPost("verifyPhone", VerifyPhone).Needs(IsPhone, ErrorCodes.PhoneTwoFactorOff).WithSummary("Verify the phone number with the code.");
        phone.MapPost("setTwoFactorPhoneVerification", SwitchPhone).Needs(IsPhone, ErrorCodes.PhoneTwoFactorOff).WithSummary("Switch the phone as second factor on or off.");
    }

    private static bool IsPhone(ApplicationSettings settings) => settings.TwoFactorVerification == "phone";

    private static async Task<IResult> Complete(Asked<LoginCompleteRequest> asked, AppCaller caller, SecondFactor rules) =>
        Answers.Of(await rules.Complete(caller, asked.Value.LoginToken, asked.Value.Code), SessionsJson.Default.SignedIn);

    private static async Task<IResult> SetGoogle(Asked<SwitchRequest> asked, UserCaller caller, GoogleTwoFactor rules)
    {
        if (asked.Value.TwoFactor)
        {
            return Answers.Of(await rules.SwitchOn(caller), TwoFactorJson.Default.AuthenticatorKey);
        }

        await rules.SwitchOff(caller);
        return Answers.True;
    }

    private static async Task<IResult> SetPhone(Asked<PhoneRequest> asked, UserCaller caller, PhoneTwoFactor rules) =>
        Answers.Of(await rules.SetPhone(caller, asked.Value.Phone));

    private static async Task<IResult> VerifyPhone(Asked<CodeRequest> asked, UserCaller caller, PhoneTwoFactor rules) =>
        Answers.Of(await rules.VerifyPhone(caller, asked.Value.Code));

    private static async Task<IResult> SwitchPhone(Asked<SwitchRequest> asked, UserCaller caller, PhoneTwoFactor rules) =>
        Answers.Of(await rules.Switch(caller, asked.Value.TwoFactor));

    /// <param name="LoginToken">What login answered.</param>
    /// <param name="Code">Six digits from the authenticator app or the SMS.</param>
    public sealed record LoginCompleteRequest(string LoginToken, string Code) : IRequest<LoginCompleteRequest>
    {
        public static LoginCompleteRequest Read(FieldReader fields) => new(fields.Required("loginToken"), fields.RequiredCode("code"));
    }

    public sealed record SwitchRequest(bool TwoFactor) : IRequest<SwitchRequest>
    {
        public static SwitchRequest Read(FieldReader fields) => new(fields.RequiredFlag("twoFactor"));
    }

    /// <param name="Phone">A number in E.164.</param>
    public sealed record PhoneRequest(string Phone) : IRequest<PhoneRequest>
    {
        public static PhoneRequest Read(FieldReader fields) => new(fields.Required("phone"));
    }

    public sealed record CodeRequest(string Code) : IRequest<CodeRequest>
    {
        public static CodeRequest Read(FieldReader fields) => new(fields.RequiredCode("code"));
    }
}
