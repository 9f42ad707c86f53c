using Latchkey.Api.Authentication;
using Latchkey.Core;

namespace Latchkey.Api.TwoFactor;

/// <summary>Second factors of the app-user API.</summary>
public static class TwoFactorApi
{
    public static void MapTwoFactor(this RouteGroupBuilder api)
    {
        api.MapPost("loginComplete", Complete)
            .RequiresToken(TokenKind.AppInEitherHeader)
            .Produces<LoginCompleteResponse>()
            .WithSummary("Complete a login with the code of the second factor.");
        api.MapPost("setTwoFactorGoogleVerification", SetGoogle)
            .RequiresToken(TokenKind.Access)
            .RequiresFeature(s => s.AllowsAuthenticator, ErrorCodes.GoogleTwoFactorDisabled)
            .Produces<AuthenticatorKey>()
            .WithSummary("Switch the authenticator app on, with a new secret, or off.");
        var phone = api.MapGroup("").RequiresToken(TokenKind.Access);
        phone
            .MapPost("setPhone", SetPhone)
            .RequiresFeature(s => s.AllowsSms, ErrorCodes.PhoneTwoFactorDisabled)
            .WithSummary("Send a code to a phone number.");
        phone
            .MapPost("verifyPhone", VerifyPhone)
            .RequiresFeature(s => s.AllowsSms, ErrorCodes.PhoneTwoFactorDisabled)
            .WithSummary("Verify the phone number with the code.");
        phone
            .MapPost("setTwoFactorPhoneVerification", SwitchPhone)
            .RequiresFeature(s => s.AllowsSms, ErrorCodes.PhoneTwoFactorDisabled)
            .WithSummary("Switch the phone on or off as second factor.");
    }

    private static async Task<IResult> Complete(BoundRequest<LoginCompleteRequest> bound, AppCaller caller, LoginCompletion rules)
    {
        var request = bound.Value;
        var passkey = PasskeyAnswerInput.From(request.RequestToken, request.Credential);
        var proof = new LoginProof(request.LoginToken, request.Code, request.Method, request.RememberDevice == true, passkey);
        return ApiResults.From(
            await rules.Complete(caller.OnDevice(request.DeviceName), proof),
            TwoFactorJson.Default.LoginCompleteResponse
        );
    }

    private static async Task<IResult> SetGoogle(
        BoundRequest<SetTwoFactorRequest> bound,
        UserCaller caller,
        GoogleTwoFactor rules,
        StepUp stepUp
    )
    {
        if (caller is { User.Anonymous: true, Application.Settings.HasFactorPolicy: true })
        {
            return ApiResults.From(ErrorCodes.InvalidData.WithCause("anonymous users have no factors"));
        }

        if (await stepUp.Require(caller, bound.Value.Password) is { } refused)
        {
            return ApiResults.From(refused);
        }

        if (bound.Value.TwoFactor)
        {
            return ApiResults.From(await rules.Enable(caller), TwoFactorJson.Default.AuthenticatorKey);
        }

        return ApiResults.From(await rules.Disable(caller));
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
    /// <param name="Code">Six digits from the authenticator app or the SMS, or a recovery code. Not needed with a credential.</param>
    /// <param name="Method">
    /// otp, sms, passkey or recovery. Without it, the code of the SMS if one was sent, or else the authenticator app's.
    /// </param>
    /// <param name="RememberDevice">true to get a device-token, if the application remembers devices.</param>
    /// <param name="DeviceName">What the app calls the device, for the list of sessions.</param>
    /// <param name="RequestToken">What came with the passkey's options.</param>
    /// <param name="Credential">The passkey's answer in place of the code: a JSON object, or its text.</param>
    public sealed record LoginCompleteRequest(
        string LoginToken,
        string? Code,
        string? Method,
        bool? RememberDevice,
        string? DeviceName,
        string? RequestToken,
        string? Credential
    ) : IRequest<LoginCompleteRequest>
    {
        public static LoginCompleteRequest Read(FieldReader fields)
        {
            var (method, credential) = (fields.Added("method"), fields.AddedObject("credential"));
            var isPasskey = method == FactorMethod.Passkey.ToName() && credential is not null;
            return new(
                fields.Required("loginToken"),
                isPasskey ? fields.OptionalCode("code") : fields.RequiredCode("code"),
                method,
                fields.OptionalFlag("rememberDevice"),
                fields.Added("deviceName"),
                isPasskey ? fields.Required("requestToken") : null,
                isPasskey ? credential : null
            );
        }
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
