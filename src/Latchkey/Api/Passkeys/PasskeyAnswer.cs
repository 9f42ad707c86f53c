using System.Text.Json.Serialization;
using Latchkey.Core;
using Latchkey.Users.Passkeys;

namespace Latchkey.Api.Passkeys;

/// <summary>A passkey as its user and servers see it.</summary>
/// <param name="Id">For passkeyRename and passkeyDelete.</param>
/// <param name="Name">What the user calls it.</param>
/// <param name="Model">The password manager or authenticator that holds it; left out if it is not known.</param>
/// <param name="CredentialId">The authenticator's own id of it.</param>
/// <param name="Synced">Whether its password manager copies it to the user's other devices.</param>
/// <param name="Usable">False if it was made for another domain than the application uses now.</param>
public sealed record PasskeyAnswer(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("model"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Model,
    [property: JsonPropertyName("credentialId")] string CredentialId,
    [property: JsonPropertyName("synced")] bool Synced,
    [property: JsonPropertyName("usable")] bool Usable,
    [property: JsonPropertyName("createdAt")] string CreatedAt,
    [property: JsonPropertyName("lastUsedAt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LastUsedAt
)
{
    public static PasskeyAnswer From(Passkey passkey, string rpId) =>
        new(
            passkey.Id,
            passkey.Name,
            PasskeyModels.Find(passkey.Aaguid),
            passkey.CredentialId,
            passkey.BackedUp,
            passkey.RpId == rpId,
            WireDate.Format(passkey.CreatedAt),
            passkey.LastUsedAt is { } used ? WireDate.Format(used) : null
        );
}
