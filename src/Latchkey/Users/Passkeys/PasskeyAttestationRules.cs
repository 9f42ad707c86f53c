using System.Security.Cryptography.X509Certificates;
using Fido2NetLib.Cbor;
using Latchkey.Core;
using Attested = Fido2NetLib.AuthenticatorAttestationResponse.ParsedAttestationObject;

namespace Latchkey.Users.Passkeys;

/// <summary>
/// Where a relying party allows some models only: the model must be one of them, and its certificate must lead to one of the roots
/// (WebAuthn §7.1, steps 23 and 24). The library has verified the statement's signature by the certificate before.
/// </summary>
public static class PasskeyAttestationRules
{
    /// <summary>Null if the passkey may be registered, otherwise 717 with the cause.</summary>
    public static Error? Check(RelyingParty relyingParty, Passkey passkey, Attested attested, DateTimeOffset now) =>
        relyingParty.Models is not { } models ? null
        : !models.Contains(passkey.Aaguid, StringComparer.Ordinal) ? Refuse($"the model {passkey.Aaguid} is not one of passkeyModels")
        : CertificatesOf(attested) is not { Count: > 0 } certificates ? Refuse("no certificate proves the model")
        : !LeadsToRoot(certificates, relyingParty.Roots, now) ? Refuse("the certificate does not lead to one of passkeyRoots")
        : null;

    /// <summary>The certificates of the statement, the authenticator's own first; empty for none, as with self attestation.</summary>
    private static IReadOnlyList<byte[]> CertificatesOf(Attested attested) =>
        attested.AttStmt["x5c"] is CborArray chain ? [.. chain.Values.OfType<CborByteString>().Select(one => one.Value)] : [];

    private static bool LeadsToRoot(IReadOnlyList<byte[]> certificates, IReadOnlyList<string> roots, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck; // makers publish no lists for single authenticators
        policy.DisableCertificateDownloads = true; // a stranger named the address
        policy.VerificationTime = now.UtcDateTime;
        var loaded = certificates.Select(der => X509CertificateLoader.LoadCertificate(der)).ToArray();
        var trusted = roots.Select(root => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(root))).ToArray();
        try
        {
            policy.CustomTrustStore.AddRange(trusted);
            policy.ExtraStore.AddRange(loaded[1..]);
            return chain.Build(loaded[0]);
        }
        finally
        {
            foreach (var certificate in loaded.Concat(trusted))
            {
                certificate.Dispose();
            }
        }
    }

    private static Error Refuse(string cause) => ErrorCodes.InvalidPasskey.WithCause(cause);
}
