using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Tests.Harness;

/// <summary>
/// An authenticator and browser in one that holds one passkey (ES256, no attestation), and that can be told to err in each part of its
/// answer.
/// </summary>
public sealed class SoftAuthenticator : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>The user's handle, from the last registration.</summary>
    public byte[] UserHandle { get; set; } = [];

    public string Origin { get; set; } = "https://example.org";

    /// <summary>The page around the one that asks; null for none.</summary>
    public string? TopOrigin { get; set; }

    public bool? CrossOrigin { get; set; } = false;

    /// <summary>In place of the id that the relying party gave.</summary>
    public string? RpId { get; set; }

    /// <summary>In place of webauthn.create or webauthn.get.</summary>
    public string? Type { get; set; }

    /// <summary>In place of the challenge that the relying party gave.</summary>
    public string? Challenge { get; set; }

    public bool UserPresent { get; set; } = true;

    public bool UserVerified { get; set; } = true;

    public bool BackupEligible { get; set; }

    public bool BackedUp { get; set; }

    public uint SignCount { get; set; }

    /// <summary>A COSE algorithm; another than ES256 (-7) is a lie.</summary>
    public int Algorithm { get; set; } = -7;

    public Guid Aaguid { get; set; }

    /// <summary>In place of the client data.</summary>
    public byte[]? ClientDataBytes { get; set; }

    /// <summary>In the authenticator data, in place of the credential's id.</summary>
    public byte[]? AttestedId { get; set; }

    /// <summary>In place of the attestation object.</summary>
    public byte[]? AttestationObject { get; set; }

    /// <summary>Of the attestation statement.</summary>
    public string Format { get; set; } = "none";

    /// <summary>Whether the attestation statement has a member, which that of the format none may not.</summary>
    public bool HasStatement { get; set; }

    /// <summary>CBOR of extensions at the end of the authenticator data; empty for none.</summary>
    public byte[] Extensions { get; set; } = [];

    /// <summary>What is said of extensions beside it (WebAuthn §9).</summary>
    public JsonObject ExtensionResults { get; set; } = [];

    /// <summary>A COSE key, in place of its own.</summary>
    public byte[]? PublicKeyBytes { get; set; }

    /// <summary>In place of its own.</summary>
    public ECDsa? SigningKey { get; set; }

    public void Dispose() => key.Dispose();

    /// <summary>The RegistrationResponseJSON for the answer of passkeyOptions.</summary>
    public string Register(JsonElement answer)
    {
        var options = answer.GetProperty("options");
        UserHandle = Base64Url.DecodeFromChars(options.GetProperty("user").GetProperty("id").GetString());
        var clientData = ClientData("webauthn.create", options);
        var data = AuthenticatorData(RpId ?? options.GetProperty("rp").GetProperty("id").GetString()!, withCredential: true);
        var attestation = new CborWriter(CborConformanceMode.Ctap2Canonical);
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString(Format);
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(HasStatement ? 1 : 0);
        if (HasStatement)
        {
            attestation.WriteTextString("alg");
            attestation.WriteInt32(Algorithm);
        }

        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString(data);
        attestation.WriteEndMap();
        return Credential(
            new JsonObject
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(clientData),
                ["attestationObject"] = Base64Url.EncodeToString(AttestationObject ?? attestation.Encode()),
                ["transports"] = new JsonArray("internal", "hybrid", "future"),
            }
        );
    }

    /// <summary>The AuthenticationResponseJSON for the answer of passkeyLoginOptions.</summary>
    public string Sign(JsonElement answer)
    {
        var options = answer.GetProperty("options");
        var clientData = ClientData("webauthn.get", options);
        var data = AuthenticatorData(RpId ?? options.GetProperty("rpId").GetString()!, withCredential: false);
        var signature = (SigningKey ?? key).SignData(
            [.. data, .. SHA256.HashData(clientData)],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );
        return Credential(
            new JsonObject
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(clientData),
                ["authenticatorData"] = Base64Url.EncodeToString(data),
                ["signature"] = Base64Url.EncodeToString(signature),
                ["userHandle"] = UserHandle.Length == 0 ? null : Base64Url.EncodeToString(UserHandle),
            }
        );
    }

    private string Credential(JsonObject response) =>
        new JsonObject
        {
            ["id"] = Base64Url.EncodeToString(CredentialId),
            ["rawId"] = Base64Url.EncodeToString(CredentialId),
            ["type"] = "public-key",
            ["authenticatorAttachment"] = "platform",
            ["clientExtensionResults"] = ExtensionResults.DeepClone(),
            ["response"] = response,
        }.ToJsonString();

    private byte[] ClientData(string type, JsonElement options)
    {
        if (ClientDataBytes is { } bytes)
        {
            return bytes;
        }

        var data = new JsonObject
        {
            ["type"] = Type ?? type,
            ["challenge"] = Challenge ?? options.GetProperty("challenge").GetString(),
            ["origin"] = Origin,
        };
        if (CrossOrigin is { } crosses)
        {
            data["crossOrigin"] = crosses;
        }

        if (TopOrigin is not null)
        {
            data["topOrigin"] = TopOrigin;
        }

        return Encoding.UTF8.GetBytes(data.ToJsonString());
    }

    /// <summary>WebAuthn §6.1.</summary>
    private byte[] AuthenticatorData(string rpId, bool withCredential)
    {
        var flags =
            (UserPresent ? 0x01 : 0)
            | (UserVerified ? 0x04 : 0)
            | (BackupEligible ? 0x08 : 0)
            | (BackedUp ? 0x10 : 0)
            | (withCredential ? 0x40 : 0)
            | (Extensions.Length > 0 ? 0x80 : 0);
        var id = AttestedId ?? CredentialId;
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, SignCount);
        return
        [
            .. SHA256.HashData(Encoding.UTF8.GetBytes(rpId)),
            (byte)flags,
            .. count,
            .. withCredential
                ? [.. Aaguid.ToByteArray(bigEndian: true), (byte)(id.Length >> 8), (byte)id.Length, .. id, .. PublicKeyBytes ?? PublicKey()]
                : Array.Empty<byte>(),
            .. Extensions,
        ];
    }

    /// <summary>The COSE key (RFC 9052 §7).</summary>
    private byte[] PublicKey()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var cose = new CborWriter(CborConformanceMode.Ctap2Canonical);
        cose.WriteStartMap(5);
        cose.WriteInt32(1);
        cose.WriteInt32(2); // kty: EC2
        cose.WriteInt32(3);
        cose.WriteInt32(Algorithm);
        cose.WriteInt32(-1);
        cose.WriteInt32(1); // crv: P-256
        cose.WriteInt32(-2);
        cose.WriteByteString(point.X!);
        cose.WriteInt32(-3);
        cose.WriteByteString(point.Y!);
        cose.WriteEndMap();
        return cose.Encode();
    }
}
