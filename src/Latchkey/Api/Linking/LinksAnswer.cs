using System.Text.Json.Serialization;
using Latchkey.Users;
using Latchkey.Users.Identities;

namespace Latchkey.Api.Linking;

/// <summary>The ways in which a user can sign in, as the user and servers see them.</summary>
/// <param name="Password">Whether there is a password.</param>
/// <param name="Phone">The verified phone number; left out for none.</param>
/// <param name="Passkeys">How many passkeys there are.</param>
/// <param name="Identities">The people at Apple and Google, oldest first.</param>
public sealed record LinksAnswer(
    [property: JsonPropertyName("password")] bool Password,
    [property: JsonPropertyName("phone"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Phone,
    [property: JsonPropertyName("passkeys")] int Passkeys,
    [property: JsonPropertyName("identities")] IReadOnlyList<LinkedIdentityAnswer> Identities
)
{
    public static LinksAnswer From(User user, IEnumerable<UserIdentity> identities) =>
        new(user.PasswordHash is not null, user.Phone, user.PasskeyCount, [.. identities.Select(LinkedIdentityAnswer.From)]);
}
