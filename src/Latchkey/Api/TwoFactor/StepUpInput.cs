namespace Latchkey.Api.TwoFactor;

/// <summary>
/// What stepUp is sent: a passkey's answer or a factor's code; from a user without a factor, the password, an ID token or a mailed code.
/// </summary>
/// <param name="Method">The name of a <see cref="FactorMethod"/>; null for the authenticator app's code, or else that of an SMS.</param>
/// <param name="Code">As it was typed.</param>
/// <param name="Password">The password or its MD5 hex.</param>
/// <param name="Token">A fresh ID token of Apple or Google.</param>
/// <param name="Nonce">What the app asked the provider to put into the token, if it did.</param>
/// <param name="Passkey">The answer of a passkey; null for none.</param>
public sealed record StepUpInput(string? Method, string? Code, string? Password, string? Token, string? Nonce, PasskeyAnswerInput? Passkey);
