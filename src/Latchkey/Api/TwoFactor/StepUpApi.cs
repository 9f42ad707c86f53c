using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>stepUp and stepUpFactor: our extension of the app-user API.</summary>
public static class StepUpApi
{
    public static void MapStepUp(this RouteGroupBuilder api)
    {
        api.MapPost("stepUp", StepUp)
            .RequiresToken(TokenKind.Access)
            .Produces<TokenResponse>()
            .WithSummary(
                "Prove again who is logged in, for changes that answer 710: a passkey, or a factor's code; without a factor, the password, "
                    + "an ID token or a mailed code."
            );
        api.MapPost("stepUpFactor", Ask)
            .RequiresToken(TokenKind.Access)
            .Produces<PasskeyOptions>()
            .WithSummary(
                "Send a code for stepUp: by SMS to a second factor, or by mail to a user without one. Or get the options for a passkey."
            );
    }

    private static async Task<IResult> StepUp(
        BoundRequest<StepUpRequest> bound,
        UserCaller caller,
        StepUpRules rules,
        CancellationToken stop
    )
    {
        var request = bound.Value;
        var passkey = PasskeyAnswerInput.From(request.RequestToken, request.Credential);
        var input = new StepUpInput(request.Method, request.Code, request.Password, request.Token, request.Nonce, passkey);
        return ApiResults.From(await rules.Prove(caller, input, stop), SessionsJson.Default.TokenResponse);
    }

    private static async Task<IResult> Ask(
        BoundRequest<StepUpFactorRequest> bound,
        UserCaller caller,
        FactorStepUp rules,
        MailStepUp mail,
        PasskeyFactor passkeys
    ) =>
        bound.Value.Method == FactorMethod.Passkey.ToName()
            ? ApiResults.From(await passkeys.AskForStepUp(caller), TwoFactorJson.Default.PasskeyOptions)
            : ApiResults.From(
                bound.Value.Method == FactorMethod.Sms.ToName() ? await rules.SendSms(caller)
                : bound.Value.Method == MailStepUp.Method ? await mail.Send(caller)
                : ErrorCodes.InvalidData.WithCause("only sms, mail and passkey are asked for")
            );

    /// <param name="Method">otp, sms or recovery. Without it, otp for users of an authenticator app, and sms for others. mail for the code
    /// that was mailed to a user without a factor.</param>
    /// <param name="Code">The factor's code, which users who have a factor must use; or the mailed code.</param>
    /// <param name="Password">The password or its MD5 hex, of a user without a factor.</param>
    /// <param name="Token">A fresh ID token of an own identity at Apple or Google, of a user without a factor.</param>
    /// <param name="Nonce">What the app asked the provider to put into the token, if it did.</param>
    /// <param name="RequestToken">What stepUpFactor answered for a passkey.</param>
    /// <param name="Credential">The passkey's answer (AuthenticationResponseJSON): a JSON object, or its text.</param>
    public sealed record StepUpRequest(
        string? Method,
        string? Code,
        string? Password,
        string? Token,
        string? Nonce,
        string? RequestToken,
        string? Credential
    ) : IRequest<StepUpRequest>
    {
        public static StepUpRequest Read(FieldReader fields)
        {
            var credential = fields.OptionalObject("credential");
            return new(
                fields.Optional("method"),
                fields.OptionalCode("code"),
                fields.Optional("password"),
                fields.Optional("token"),
                fields.Optional("nonce"),
                credential is null ? null : fields.Required("requestToken"),
                credential
            );
        }
    }

    /// <param name="Method">sms, mail or passkey. The answer for passkey is that of passkeyLoginOptions.</param>
    public sealed record StepUpFactorRequest(string Method) : IRequest<StepUpFactorRequest>
    {
        public static StepUpFactorRequest Read(FieldReader fields) => new(fields.Required("method"));
    }
}
