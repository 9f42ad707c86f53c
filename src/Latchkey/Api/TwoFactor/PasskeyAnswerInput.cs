namespace Latchkey.Api.TwoFactor;

/// <summary>The answer of a passkey, not verified.</summary>
/// <param name="RequestToken">What the options came with.</param>
/// <param name="Credential">The browser's answer, as JSON.</param>
public sealed record PasskeyAnswerInput(string RequestToken, string Credential)
{
    /// <summary>Null unless both are there.</summary>
    public static PasskeyAnswerInput? From(string? requestToken, string? credential) =>
        requestToken is not null && credential is not null ? new(requestToken, credential) : null;
}
