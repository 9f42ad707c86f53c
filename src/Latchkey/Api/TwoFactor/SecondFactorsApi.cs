using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Administration;

namespace Latchkey.Api.TwoFactor;

/// <summary>Second factors beyond the contract: our extension of the app-user API. All need the application's secondFactorPolicy.</summary>
public static class SecondFactorsApi
{
    public static void MapSecondFactors(this RouteGroupBuilder api)
    {
        api.MapPost("loginFactor", SendLoginCode)
            .RequiresToken(TokenKind.AppOrAccess)
            .RequiresFeature(s => s.HasFactorPolicy, ErrorCodes.SecondFactorsDisabled)
            .WithSummary("Send the SMS of a login, for a user with several factors. loginComplete takes its code.");
        api.MapPost("enrollFactor", Enroll)
            .RequiresToken(TokenKind.AppOrAccess)
            .RequiresFeature(s => s.HasFactorPolicy, ErrorCodes.SecondFactorsDisabled)
            .Produces<AuthenticatorKey>()
            .WithSummary("Set a second factor up during a login that requires one. loginComplete takes its first code and switches it on.");
        api.MapGet("secondFactors", List)
            .RequiresToken(TokenKind.Access)
            .RequiresFeature(s => s.HasFactorPolicy, ErrorCodes.SecondFactorsDisabled)
            .Produces<SecondFactorsAnswer>()
            .WithSummary("Get the user's second factors, how many recovery codes are left, and the remembered devices.");
        api.MapPost("recoveryCodes", RenewCodes)
            .RequiresToken(TokenKind.Access)
            .RequiresFeature(s => s.HasFactorPolicy, ErrorCodes.SecondFactorsDisabled)
            .Produces<RecoveryCodesAnswer>()
            .WithSummary(
                "Make ten new recovery codes, which replace the old ones. Needs a proof by a factor in the last 15 minutes (710)."
            );
        api.MapPost("forgetDevices", ForgetDevices)
            .RequiresToken(TokenKind.Access)
            .RequiresFeature(s => s.HasFactorPolicy, ErrorCodes.SecondFactorsDisabled)
            .WithSummary("Forget all remembered devices of the user.");
    }

    private static async Task<IResult> SendLoginCode(BoundRequest<LoginFactorRequest> bound, AppCaller caller, LoginFactor rules) =>
        ApiResults.From(
            bound.Value.Method == FactorMethod.Sms.ToName()
                ? await rules.Send(caller, bound.Value.LoginToken)
                : ErrorCodes.InvalidData.WithCause("only sms is sent")
        );

    private static async Task<IResult> Enroll(
        BoundRequest<EnrollFactorRequest> bound,
        AppCaller caller,
        EnrollmentStart rules,
        PasskeyFactor passkeys
    )
    {
        var request = bound.Value;
        if (request.Method == FactorMethod.Passkey.ToName())
        {
            return ApiResults.From(
                await passkeys.AskForEnrollment(caller.Application, request.LoginToken),
                TwoFactorJson.Default.PasskeyOptions
            );
        }

        if (request.Method == FactorMethod.Otp.ToName())
        {
            return ApiResults.From(await rules.StartAuthenticator(caller, request.LoginToken), TwoFactorJson.Default.AuthenticatorKey);
        }

        return ApiResults.From(
            request.Method != FactorMethod.Sms.ToName() ? ErrorCodes.InvalidData.WithCause("no such factor")
            : request.Phone is { } phone ? await rules.StartPhone(caller, request.LoginToken, phone)
            : ErrorCodes.MissingParameter.WithCause("phone")
        );
    }

    private static async Task<IResult> List(UserCaller caller, UserSecondFactors factors) =>
        ApiResults.Json(
            SecondFactorsAnswer.From(caller.Application, caller.User, await factors.Find(caller.Application.Settings, caller.User)),
            TwoFactorJson.Default.SecondFactorsAnswer
        );

    private static async Task<IResult> RenewCodes(UserCaller caller, RecoveryCodeRules rules) =>
        ApiResults.From(await rules.Renew(caller), TwoFactorJson.Default.RecoveryCodesAnswer);

    private static async Task<IResult> ForgetDevices(UserCaller caller, UserSecondFactors factors) =>
        ApiResults.From(await factors.ForgetDevices(caller.User, new Actor(AuditEntry.ByUser, caller.Client.Address)));

    /// <param name="LoginToken">What login answered.</param>
    /// <param name="Method">sms.</param>
    public sealed record LoginFactorRequest(string LoginToken, string Method) : IRequest<LoginFactorRequest>
    {
        public static LoginFactorRequest Read(FieldReader fields) => new(fields.Required("loginToken"), fields.Required("method"));
    }

    /// <param name="LoginToken">What login answered, with enroll beside it.</param>
    /// <param name="Method">otp for an authenticator app, sms, or passkey. The answer for passkey is that of passkeyOptions.</param>
    /// <param name="Phone">A number in E.164, for sms.</param>
    public sealed record EnrollFactorRequest(string LoginToken, string Method, string? Phone) : IRequest<EnrollFactorRequest>
    {
        public static EnrollFactorRequest Read(FieldReader fields) =>
            new(fields.Required("loginToken"), fields.Required("method"), fields.Optional("phone"));
    }
}
