using System.Text.Json.Serialization;
using Latchkey.Applications;
using Latchkey.Users.Administration;

namespace Latchkey.Api.Passkeys;

/// <summary>
/// A user's passkeys, newest first, and what <c>PublicKeyCredential.signalAllAcceptedCredentials</c> needs, so that password managers
/// remove those that no longer work (WebAuthn §5.1.10.3).
/// </summary>
/// <param name="RpId">The domain of the application's passkeys.</param>
/// <param name="UserId">The id by which authenticators know the user; left out for a user who never asked for a passkey.</param>
/// <param name="AllAcceptedCredentialIds">The credential ids that can be signed in with.</param>
public sealed record PasskeysAnswer(
    [property: JsonPropertyName("passkeys")] IReadOnlyList<PasskeyAnswer> Passkeys,
    [property: JsonPropertyName("rpId")] string RpId,
    [property: JsonPropertyName("userId"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UserId,
    [property: JsonPropertyName("allAcceptedCredentialIds")] IReadOnlyList<string> AllAcceptedCredentialIds
)
{
    public static PasskeysAnswer From(Application application, PasskeyList list)
    {
        var rpId = application.Settings.PasskeyRpId;
        return new(
            [.. list.Passkeys.Select(passkey => PasskeyAnswer.From(passkey, rpId))],
            rpId,
            list.UserHandle,
            [.. list.Passkeys.Where(passkey => passkey.RpId == rpId).Select(passkey => passkey.CredentialId)]
        );
    }
}
