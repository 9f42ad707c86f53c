using Latchkey.Api.Authentication;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Second factors of the app-user API.</summary>
public static class TwoFactorApi
{
    public static void MapTwoFactor(this RouteGroupBuilder api)
    {
        api.MapPost("loginComplete", Complete)
            .RequiresToken(TokenKind.AppInEitherHeader)
            .Produces<TokenResponse>()
            .WithSummary("Complete a login with the code of the second factor.");
        api.MapPost("setTwoFactorGoogleVerification", SetGoogle)
            .RequiresToken(TokenKind.Access)
            .RequiresFeature(s => s.TwoFactorVerification == TwoFactorMethod.Google, ErrorCodes.GoogleTwoFactorDisabled)
            .Produces<AuthenticatorKey>()
            .WithSummary("Switch the authenticator app on, with a new secret, or off.");
        var phone = api.MapGroup("").RequiresToken(TokenKind.Access);
        phone
            .MapPost("setPhone", SetPhone)
            .RequiresFeature(IsPhone, ErrorCodes.PhoneTwoFactorDisabled)
            .WithSummary("Send a code to a phone number.");
        phone
            .MapPost("verifyPhone", VerifyPhone)
            .RequiresFeature(IsPhone, ErrorCodes.PhoneTwoFactorDisabled)
            .WithSummary("Verify the phone number with the code.");
        phone
            .MapPost("setTwoFactorPhoneVerification", SwitchPhone)
            .RequiresFeature(IsPhone, ErrorCodes.PhoneTwoFactorDisabled)
            .WithSummary("Switch the phone on or off as second factor.");
    }

    private static bool IsPhone(ApplicationSettings settings) => settings.TwoFactorVerification == TwoFactorMethod.Phone;

    private static async Task<IResult> Complete(BoundRequest<LoginCompleteRequest> bound, AppCaller caller, LoginCompletion rules) =>
        ApiResults.From(
            await rules.Complete(caller.OnDevice(bound.Value.DeviceName), bound.Value.LoginToken, bound.Value.Code),
            SessionsJson.Default.TokenResponse
        );

    private static async Task<IResult> SetGoogle(
        BoundRequest<SetTwoFactorRequest> bound,
        UserCaller caller,
        GoogleTwoFactor rules,
        StepUp stepUp
    )
    {
        if (await stepUp.Require(caller, bound.Value.Password) is { } refused)
        {
            return ApiResults.From(refused);
        }

        if (bound.Value.TwoFactor)
        {
            return ApiResults.From(await rules.Enable(caller), TwoFactorJson.Default.AuthenticatorKey);
        }

        await rules.Disable(caller);
        return ApiResults.True;
    }

    private static async Task<IResult> SetPhone(BoundRequest<PhoneRequest> bound, UserCaller caller, PhoneTwoFactor rules, StepUp stepUp) =>
        ApiResults.From(
            await stepUp.Require(caller, bound.Value.Password) is { } refused ? refused : await rules.SetPhone(caller, bound.Value.Phone)
        );

    private static async Task<IResult> VerifyPhone(BoundRequest<CodeRequest> bound, UserCaller caller, PhoneTwoFactor rules) =>
        ApiResults.From(await rules.VerifyPhone(caller, bound.Value.Code));

    private static async Task<IResult> SwitchPhone(
        BoundRequest<SetTwoFactorRequest> bound,
        UserCaller caller,
        PhoneTwoFactor rules,
        StepUp stepUp
    ) =>
        ApiResults.From(
            await stepUp.Require(caller, bound.Value.Password) is { } refused
                ? refused
                : await rules.SetEnabled(caller, bound.Value.TwoFactor)
        );

    /// <param name="LoginToken">What login answered.</param>
    /// <param name="Code">Six digits from the authenticator app or the SMS.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    public sealed record LoginCompleteRequest(string LoginToken, string Code, string? DeviceName) : IRequest<LoginCompleteRequest>
    {
        public static LoginCompleteRequest Read(FieldReader fields) =>
            new(fields.Required("loginToken"), fields.RequiredCode("code"), fields.Optional("deviceName"));
    }

    /// <param name="TwoFactor">Whether to switch it on.</param>
    /// <param name="Password">Needed where the login is too old (<see cref="StepUp"/>).</param>
    public sealed record SetTwoFactorRequest(bool TwoFactor, string? Password) : IRequest<SetTwoFactorRequest>
    {
        public static SetTwoFactorRequest Read(FieldReader fields) => new(fields.RequiredFlag("twoFactor"), fields.Optional("password"));
    }

    /// <param name="Phone">A number in E.164.</param>
    /// <param name="Password">Needed where the login is too old (<see cref="StepUp"/>).</param>
    public sealed record PhoneRequest(string Phone, string? Password) : IRequest<PhoneRequest>
    {
        public static PhoneRequest Read(FieldReader fields) => new(fields.Required("phone"), fields.Optional("password"));
    }

    public sealed record CodeRequest(string Code) : IRequest<CodeRequest>
    {
        public static CodeRequest Read(FieldReader fields) => new(fields.RequiredCode("code"));
    }
}
