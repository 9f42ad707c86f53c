using System.Formats.Asn1;
using System.Formats.Cbor;
using Fido2NetLib.Cbor;
using Fido2NetLib.Objects;
using Attested = Fido2NetLib.AuthenticatorAttestationResponse.ParsedAttestationObject;

namespace Latchkey.Users.Passkeys;

/// <summary>
/// The form of ECDSA signatures: Ecdsa-Sig-Value in DER (WebAuthn §6.5.5). The library also takes others, so that a signature could be
/// written in several ways.
/// </summary>
public static class EcdsaSignature
{
    /// <summary>Whether what a key signed has the right form; always, where the key is of another kind.</summary>
    /// <param name="publicKey">A COSE key (RFC 9052 §7), which the library has read.</param>
    /// <param name="signature">Already verified.</param>
    public static bool IsWellFormed(byte[] publicKey, byte[] signature) => KeyTypeOf(publicKey) != COSE.KeyType.EC2 || IsDer(signature);

    /// <summary>As above, for the signature of an attestation statement; always, where there is none.</summary>
    public static bool IsWellFormed(Attested attested) =>
        attested.AttStmt["sig"] is not CborByteString signature
        || (
            attested.AttStmt["alg"] is { } algorithm
            && (COSE.Algorithm)(int)algorithm is not (COSE.Algorithm.ES256 or COSE.Algorithm.ES384 or COSE.Algorithm.ES512)
        )
        || IsDer(signature.Value);

    private static COSE.KeyType? KeyTypeOf(byte[] publicKey)
    {
        var reader = new CborReader(publicKey);
        for (reader.ReadStartMap(); reader.PeekState() != CborReaderState.EndMap; reader.SkipValue())
        {
            if (reader.ReadInt32() == (int)COSE.KeyCommonParameter.KeyType)
            {
                return (COSE.KeyType)reader.ReadInt32();
            }
        }

        return null;
    }

    private static bool IsDer(byte[] signature)
    {
        try
        {
            var reader = new AsnReader(signature, AsnEncodingRules.DER);
            var numbers = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            numbers.ReadIntegerBytes();
            numbers.ReadIntegerBytes();
            numbers.ThrowIfNotEmpty();
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
