namespace Latchkey.Api.TwoFactor;

/// <summary>What loginComplete is sent.</summary>
/// <param name="LoginToken">What login answered.</param>
/// <param name="Code">As it was typed; null if a passkey takes its place.</param>
/// <param name="Method">The name of a <see cref="FactorMethod"/>; null for the code that was sent, or else the authenticator app's.</param>
/// <param name="RemembersDevice">Whether the device is to be remembered, if the application allows it.</param>
/// <param name="Passkey">The answer of a passkey, in place of the code; null for none.</param>
public sealed record LoginProof(string LoginToken, string? Code, string? Method, bool RemembersDevice, PasskeyAnswerInput? Passkey);
