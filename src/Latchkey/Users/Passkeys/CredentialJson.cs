using System.Buffers.Text;
using System.Text.Json;
using Fido2NetLib;
using Fido2NetLib.Objects;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Users.Passkeys;

/// <summary>
/// Reads what browsers answer: RegistrationResponseJSON and AuthenticationResponseJSON (WebAuthn §5.1). 602 for anything else. Unknown
/// members are left out, as the specification asks.
/// </summary>
public static class CredentialJson
{
    /// <summary>Larger ones are no credentials; certificates of an attestation take the most.</summary>
    private const int MaxLength = 64 * 1024;

    /// <summary>Of the ids of credentials, in bytes (WebAuthn §5.8.3).</summary>
    private const int MaxIdBytes = 1023;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private static readonly string[] KnownTransports = ["internal", "hybrid", "usb", "nfc", "ble", "smart-card"];
    private static readonly Error NoCredential = ErrorCodes.InvalidData.WithCause("credential is not the JSON of a passkey");

    /// <summary>The answer to a registration, and the transports that the browser named.</summary>
    public static Result<(AuthenticatorAttestationRawResponse Response, string Transports)> ParseRegistration(string text) =>
        Parse<(AuthenticatorAttestationRawResponse, string)>(
            text,
            (id, credential, response) =>
                Bytes(response, "attestationObject") is { } attestation && Bytes(response, "clientDataJSON") is { } clientData
                    ? (
                        new AuthenticatorAttestationRawResponse
                        {
                            Id = Base64Url.EncodeToString(id),
                            RawId = id,
                            Type = PublicKeyCredentialType.PublicKey,
                            Response = new() { AttestationObject = attestation, ClientDataJson = clientData },
                        },
                        TransportsOf(response)
                    )
                    : NoCredential
        );

    /// <summary>The answer to a sign-in.</summary>
    public static Result<AuthenticatorAssertionRawResponse> ParseAssertion(string text) =>
        Parse<AuthenticatorAssertionRawResponse>(
            text,
            (id, credential, response) =>
                Bytes(response, "authenticatorData") is { } data
                && Bytes(response, "clientDataJSON") is { } clientData
                && Bytes(response, "signature") is { } signature
                    ? new AuthenticatorAssertionRawResponse
                    {
                        Id = Base64Url.EncodeToString(id),
                        RawId = id,
                        Type = PublicKeyCredentialType.PublicKey,
                        Response = new()
                        {
                            AuthenticatorData = data,
                            ClientDataJson = clientData,
                            Signature = signature,
                            UserHandle = Bytes(response, "userHandle"),
                        },
                    }
                    : NoCredential
        );

    private static Result<T> Parse<T>(string text, Func<byte[], JsonElement, JsonElement, Result<T>> read)
    {
        if (text.Length > MaxLength)
        {
            return NoCredential;
        }

        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            var credential = document.RootElement;
            return
                credential.ValueKind == JsonValueKind.Object
                && credential.GetStringOrNull("type") == "public-key"
                && Bytes(credential, "id") is { Length: > 0 and <= MaxIdBytes } id
                && Bytes(credential, "rawId") is { } rawId
                && rawId.AsSpan().SequenceEqual(id)
                && credential.TryGetProperty("response", out var response)
                && response.ValueKind == JsonValueKind.Object
                ? read(id, credential, response)
                : NoCredential;
        }
        catch (JsonException)
        {
            return NoCredential;
        }
    }

    private static byte[]? Bytes(JsonElement owner, string name) =>
        owner.GetStringOrNull(name) is { Length: > 0 } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    private static string TransportsOf(JsonElement response) =>
        response.TryGetProperty("transports", out var named) && named.ValueKind == JsonValueKind.Array
            ? string.Join(',', KnownTransports.Intersect(named.EnumerateArray().Select(TextOf), StringComparer.Ordinal))
            : "";

    private static string TextOf(JsonElement value) => Field.FromJson(value) is { Kind: FieldKind.Text, Text: var text } ? text : "";
}
