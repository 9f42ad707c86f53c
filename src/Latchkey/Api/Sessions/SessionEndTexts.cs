using Latchkey.Core;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Sessions;

/// <summary>Why a session ended, as the refused client reads it.</summary>
public static class SessionEndTexts
{
    /// <summary>712 with the reason.</summary>
    public static Error Refusal(SessionEndReason reason) =>
        ErrorCodes.SessionEnded.WithCause(SessionEnd.NameOf(reason)) with
        {
            Message = $"session has ended: {Describe(reason)}",
        };

    /// <summary>The reason as the end of a sentence.</summary>
    public static string Describe(SessionEndReason reason) =>
        reason switch
        {
            SessionEndReason.SignedOut => "signed out",
            SessionEndReason.SignedOutElsewhere => "signed out from another device",
            SessionEndReason.PasswordChanged => "the password was changed",
            SessionEndReason.PasswordReset => "the password was reset",
            SessionEndReason.Suspended => "the user was suspended",
            SessionEndReason.Expired => "it reached its maximum age",
            SessionEndReason.Idle => "it was not used for too long",
            SessionEndReason.TooMany => "the user signed in on too many devices",
            SessionEndReason.RefreshTokenReused => "a replaced refresh token was used again",
            SessionEndReason.Operator => "an administrator ended it",
            SessionEndReason.Upgraded => "the anonymous user signed up",
            _ => throw new ArgumentOutOfRangeException(nameof(reason)),
        };
}
