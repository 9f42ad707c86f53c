using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Passwords;

namespace Latchkey.Api.PasswordReset;

/// <summary>forgotPassword and resetPassword of the app-user API.</summary>
public static class PasswordResetApi
{
    public static void MapPasswordReset(this RouteGroupBuilder api)
    {
        api.MapPost("forgotPassword", Forgot)
            .RequiresToken(TokenKind.AppInEitherHeader)
            .WithSummary("Request a password reset: mail a code.");
        api.MapPost("resetPassword", Reset)
            .RequiresToken(TokenKind.AppInEitherHeader)
            .WithSummary("Set a new password with the mailed code. All sessions end.");
    }

    private static async Task<IResult> Forgot(BoundRequest<ForgotPasswordRequest> bound, AppCaller caller, ForgotPassword rules) =>
        ApiResults.From(await rules.RequestCode(caller, bound.Value.Handle));

    private static async Task<IResult> Reset(BoundRequest<ResetPasswordRequest> bound, AppCaller caller, ResetPassword rules) =>
        ApiResults.From(await rules.Reset(caller, bound.Value.Handle, new RawPassword(bound.Value.Password), bound.Value.Code));

    /// <param name="Handle">An e-mail address or a user name.</param>
    public sealed record ForgotPasswordRequest(string Handle) : IRequest<ForgotPasswordRequest>
    {
        public static ForgotPasswordRequest Read(FieldReader fields) => new(fields.Required("handle"));
    }

    /// <param name="Handle">An e-mail address or a user name.</param>
    /// <param name="Password">The new password or its MD5 hex.</param>
    /// <param name="Code">The mailed code.</param>
    public sealed record ResetPasswordRequest(string Handle, string Password, string Code) : IRequest<ResetPasswordRequest>
    {
        public static ResetPasswordRequest Read(FieldReader fields) =>
            new(fields.Required("handle"), fields.Required("password"), fields.RequiredCode("code"));
    }
}
