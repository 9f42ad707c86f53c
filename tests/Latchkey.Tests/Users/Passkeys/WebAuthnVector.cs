using System.Buffers.Text;
using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Tests.Users.Passkeys;

/// <summary>A pair of registration and authentication with one credential, from the test vectors of WebAuthn Level 3.</summary>
public sealed record WebAuthnVector(string Name, string Aaguid, VectorRegistration Registration, VectorAuthentication Authentication)
{
    private static readonly JsonElement File = JsonDocument
        .Parse(System.IO.File.ReadAllText(Path.Combine(RepositoryPaths.TestData, "vectors", "webauthn-l3.json")))
        .RootElement;

    /// <summary>The certificate that those of all statements lead to, DER in base64.</summary>
    public static string Root { get; } = Convert.ToBase64String(Hex(File.GetProperty("attestationRoot"), "certificate"));

    public static IReadOnlyList<WebAuthnVector> All { get; } = [.. File.GetProperty("vectors").EnumerateArray().Select(Read)];

    public static WebAuthnVector Find(string name) => All.Single(vector => vector.Name == name);

    private static WebAuthnVector Read(JsonElement vector)
    {
        var (made, used) = (vector.GetProperty("registration"), vector.GetProperty("authentication"));
        var id = Hex(made, "credentialId");
        return new(
            vector.GetProperty("name").GetString()!,
            new Guid(Hex(made, "aaguid"), bigEndian: true).ToString(),
            new(Hex(made, "challenge"), id, Hex(made, "clientDataJSON"), Hex(made, "attestationObject")),
            new(Hex(used, "challenge"), id, Hex(used, "clientDataJSON"), Hex(used, "authenticatorData"), Hex(used, "signature"))
        );
    }

    private static byte[] Hex(JsonElement owner, string name) => Convert.FromHexString(owner.GetProperty(name).GetString()!);
}

/// <summary>What a browser answers with a new credential.</summary>
public sealed record VectorRegistration(byte[] Challenge, byte[] CredentialId, byte[] ClientData, byte[] AttestationObject)
{
    public string Format => Read("fmt", reader => reader.ReadTextString());

    /// <summary>WebAuthn §6.1.</summary>
    public byte[] AuthenticatorData => Read("authData", reader => reader.ReadByteString());

    /// <summary>Of the statement; empty where there is none.</summary>
    public byte[] Signature => Read("attStmt", SignatureOf);

    /// <summary>The COSE key, which stands at the end of the authenticator data; in base64url.</summary>
    public string PublicKey => Base64Url.EncodeToString(AuthenticatorData.AsSpan(55 + CredentialId.Length));

    /// <summary>RegistrationResponseJSON.</summary>
    public string ToJson() =>
        CredentialOf(
            CredentialId,
            new()
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(ClientData),
                ["attestationObject"] = Base64Url.EncodeToString(AttestationObject),
            }
        );

    internal static string CredentialOf(byte[] id, JsonObject response) =>
        new JsonObject
        {
            ["id"] = Base64Url.EncodeToString(id),
            ["rawId"] = Base64Url.EncodeToString(id),
            ["type"] = "public-key",
            ["response"] = response,
        }.ToJsonString();

    private static byte[] SignatureOf(CborReader reader)
    {
        var signature = Array.Empty<byte>();
        for (var left = reader.ReadStartMap() ?? 0; left > 0; left--)
        {
            if (reader.ReadTextString() == "sig")
            {
                signature = reader.ReadByteString();
            }
            else
            {
                reader.SkipValue();
            }
        }

        return signature;
    }

    private T Read<T>(string name, Func<CborReader, T> read)
    {
        var reader = new CborReader(AttestationObject);
        reader.ReadStartMap();
        while (reader.ReadTextString() != name)
        {
            reader.SkipValue();
        }

        return read(reader);
    }
}

/// <summary>What a browser answers to a sign-in.</summary>
public sealed record VectorAuthentication(
    byte[] Challenge,
    byte[] CredentialId,
    byte[] ClientData,
    byte[] AuthenticatorData,
    byte[] Signature
)
{
    /// <summary>The vectors give none; nothing signs it.</summary>
    public byte[] UserHandle { get; init; } = [.. Enumerable.Range(1, 64).Select(i => (byte)i)];

    public bool IsBackupEligible => (AuthenticatorData[32] & 0x08) != 0;

    /// <summary>AuthenticationResponseJSON.</summary>
    public string ToJson() =>
        VectorRegistration.CredentialOf(
            CredentialId,
            new()
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(ClientData),
                ["authenticatorData"] = Base64Url.EncodeToString(AuthenticatorData),
                ["signature"] = Base64Url.EncodeToString(Signature),
                ["userHandle"] = Base64Url.EncodeToString(UserHandle),
            }
        );
}
