using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Users.Passkeys;

/// <summary>
/// Checks what the browser signed beside the authenticator: the client data (WebAuthn §5.8.1; §7.1 steps 7–11, §7.2 steps 10–14). The
/// library checks it too; here the comparison is exact, and each refusal has its cause.
/// </summary>
public static class ClientData
{
    public const string Create = "webauthn.create";
    public const string Get = "webauthn.get";
    private const int MaxShownLength = 100;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Null if it is an answer to the request, from an origin of the relying party; otherwise 717 with the cause.</summary>
    /// <param name="json">The client data, UTF-8.</param>
    /// <param name="type"><see cref="Create"/> or <see cref="Get"/>.</param>
    /// <param name="request">The challenge that was given.</param>
    /// <param name="origins">The relying party's origins.</param>
    public static Error? Check(ReadOnlyMemory<byte> json, string type, PasskeyRequest request, IReadOnlyList<string> origins)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var data = document.RootElement;
            return data.ValueKind != JsonValueKind.Object ? Refuse("the client data are not an object")
                : data.GetStringOrNull("type") != type ? Refuse("the answer to another kind of request")
                : !IsSame(data.GetStringOrNull("challenge"), request.Challenge) ? Refuse("another challenge")
                : data.GetStringOrNull("origin") is not { } origin ? Refuse("no origin")
                : !origins.Contains(origin, StringComparer.Ordinal) ? Refuse($"the origin {Shown(origin)} is not one of passkeyOrigins")
                : IsFramed(data) ? Refuse("used in a frame of another origin")
                : null;
        }
        catch (JsonException)
        {
            return Refuse("the client data are not JSON");
        }
    }

    private static bool IsFramed(JsonElement data) =>
        data.TryGetProperty("topOrigin", out _)
        || (data.TryGetProperty("crossOrigin", out var crosses) && crosses.ValueKind != JsonValueKind.False);

    private static bool IsSame(string? answered, string challenge) =>
        answered is not null
        && Base64Url.IsValid(answered)
        && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(answered), Base64Url.DecodeFromChars(challenge));

    /// <summary>A developer must see which origin to add; a stranger must not write the log.</summary>
    private static string Shown(string origin) =>
        origin.Length <= MaxShownLength
        && origin.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '/' or '.' or '-' or '_' or '[' or ']')
            ? origin
            : "given";

    private static Error Refuse(string cause) => ErrorCodes.InvalidPasskey.WithCause(cause);
}
