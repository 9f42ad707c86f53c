namespace Latchkey.Tests.Users.Passkeys;

/// <summary>What becomes of a pair of vectors under our settings: the cause of each refusal, null where it is accepted.</summary>
/// <param name="Registration">As a passkey to sign in with, for which the authenticator must verify its user.</param>
/// <param name="WithoutVerification">The registration, if the user need not be verified.</param>
/// <param name="SignIn">The authentication as a sign-in, for which the user must be verified.</param>
/// <param name="SecondFactor">The authentication after a password.</param>
public sealed record VectorResult(string Name, string? Registration, string? WithoutVerification, string? SignIn, string? SecondFactor)
{
    private const string Unverified = "User Verified flag not set in authenticator data and user verification was required";
    private const string Framed = "used in a frame of another origin";
    private const string Ed448 = "Algorithm -53 cannot be used with an OKP key";
    private const string Tpm = "Invalid TPM manufacturer found parsing TPM attestation";
    private const string AndroidKey = "Found origin field not set to KM_ORIGIN_GENERATED in android key attestation certificate extension";
    private const string Apple = "Malformed x5c in Apple attestation";
    private const string U2f = "Aaguid was not empty parsing fido-u2f attestation statement";

    public static IReadOnlyList<VectorResult> Expected { get; } =
    [
        new("none-es256", Unverified, null, Unverified, null),
        new("packed-self-es256", null, null, Unverified, null),
        new("none-es256-crossOrigin", Framed, Framed, Framed, Framed), // on purpose
        new("none-es256-topOrigin", Framed, Framed, Framed, Framed), // on purpose
        new("none-es256-long-credential-id", Unverified, null, null, null),
        new("packed-es256", null, null, null, null),
        new("packed-es384", Unverified, null, null, null),
        new("packed-es512", null, null, Unverified, null),
        new("packed-rs256", null, null, Unverified, null),
        new("packed-eddsa", Unverified, null, Unverified, null),
        new("packed-ed448", Ed448, Ed448, Ed448, Ed448), // not offered, and the library lacks it
        new("tpm-es256", Tpm, Tpm, null, null), // the vector names manufacturer id:00000000
        new("android-key-es256", AndroidKey, AndroidKey, Unverified, null), // the vector has no such field
        new("apple-es256", Unverified, Apple, Unverified, null), // the vector has the leaf alone
        new("fido-u2f-es256", Unverified, U2f, Unverified, null), // the vector has an AAGUID
    ];

    /// <summary>The row of the table in docs/passkeys.md.</summary>
    public string ToRow() => $"| `{Name}` | {Cell(Registration)} | {Cell(WithoutVerification)} | {Cell(SignIn)} | {Cell(SecondFactor)} |";

    private static string Cell(string? cause) => cause is null ? "accepted" : $"refused: {cause}";
}
