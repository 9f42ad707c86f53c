using Latchkey.Users.Passkeys;

namespace Latchkey.Api.TwoFactor;

/// <summary>The answer to the question for a second factor: a code as it was typed, or what a passkey signed, already verified.</summary>
/// <param name="Code">Empty for a passkey.</param>
/// <param name="Proof">The signature of one of the user's passkeys; null for none.</param>
/// <param name="NewPasskey">The passkey that the login sets up; null for none.</param>
public sealed record FactorAnswer(string Code, PasskeyProof? Proof = null, RegisteredPasskey? NewPasskey = null)
{
    /// <summary>The values of the claim <c>amr</c>.</summary>
    public string MethodsFor(FactorMethod method) =>
        Proof?.Methods
        ?? (
            NewPasskey is { } registered
                ? PasskeyProof.MethodsOf(registered.Passkey, registered.UserVerified)
                : method.ToAuthenticationMethod()
        );
}
