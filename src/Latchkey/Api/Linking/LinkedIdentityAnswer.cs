using System.Text.Json.Serialization;
using Latchkey.Core;
using Latchkey.Users.Identities;

namespace Latchkey.Api.Linking;

/// <summary>An identity of a user, as the user and servers see it.</summary>
/// <param name="Id">Names it for unlink.</param>
/// <param name="Provider">apple or google.</param>
/// <param name="Email">The address that the provider verified; left out if it kept it back.</param>
/// <param name="LinkedAt">When the user signed up with it, or linked it.</param>
/// <param name="LastUsedAt">The last sign-in with it; left out for none.</param>
public sealed record LinkedIdentityAnswer(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("provider")] string Provider,
    [property: JsonPropertyName("email"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Email,
    [property: JsonPropertyName("linkedAt")] string LinkedAt,
    [property: JsonPropertyName("lastUsedAt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LastUsedAt
)
{
    public static LinkedIdentityAnswer From(UserIdentity identity) =>
        new(
            identity.Id,
            identity.Provider,
            identity.Email.Length > 0 ? identity.Email : null,
            WireDate.Format(identity.CreatedAt),
            identity.LastUsedAt is { } at ? WireDate.Format(at) : null
        );
}
