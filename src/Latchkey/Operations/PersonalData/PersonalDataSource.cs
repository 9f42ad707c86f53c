using System.Text.Json;
using Latchkey.Api.Authentication;
using Latchkey.Api.Linking;
using Latchkey.Api.Passkeys;
using Latchkey.Api.Profile;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Provider.Consents;
using Latchkey.Users.Administration;
using Latchkey.Users.Sessions;

namespace Latchkey.Operations.PersonalData;

/// <summary>The parts of a user's data that are few, in the forms in which the user API has them.</summary>
public sealed class PersonalDataSource(
    UserSecondFactors factors,
    UserPasskeys passkeys,
    UserSessions sessions,
    UserIdentities identities,
    ConsentRules consents
)
{
    /// <param name="json">Inside an object.</param>
    /// <param name="caller">The user.</param>
    /// <param name="now">In unix milliseconds.</param>
    public async Task Write(Utf8JsonWriter json, UserCaller caller, long now)
    {
        var (application, user) = (caller.Application, caller.User);
        json.WriteString("userId", user.Id);
        json.WriteBoolean("emailVerified", user.EmailVerified);
        WriteRaw(json, "profile", UserDescription.Write(application, user).Span);
        json.WriteStartObject("invitationData");
        foreach (var (path, value) in Users.Metadata.Read(user.InviteMetadata))
        {
            json.WriteString(path, value);
        }

        json.WriteEndObject();
        var status = await factors.Find(application.Settings, user);
        WriteRaw(
            json,
            "secondFactors",
            JsonSerializer.SerializeToUtf8Bytes(
                SecondFactorsAnswer.From(application, user, status),
                TwoFactorJson.Default.SecondFactorsAnswer
            )
        );
        json.WriteStartArray("passkeys");
        foreach (var passkey in (await passkeys.List(application.Id, user)).Passkeys)
        {
            json.WriteStartObject();
            json.WriteString("name", passkey.Name);
            json.WriteString("domain", passkey.RpId);
            json.WriteBoolean("synced", passkey.BackedUp);
            json.WriteString("createdAt", WireDate.Format(passkey.CreatedAt));
            json.WriteString("lastUsedAt", passkey.LastUsedAt is { } used ? WireDate.Format(used) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        var (live, ended) = await sessions.ListAll(user);
        WriteRaw(json, "sessions", SessionJson.WriteList(live.Concat(ended), caller.Session.Id, now));
        WriteRaw(
            json,
            "signInWays",
            JsonSerializer.SerializeToUtf8Bytes(LinksAnswer.From(user, await identities.List(user)), LinkingJson.Default.LinksAnswer)
        );
        WriteRaw(json, "consents", ConsentsApi.Write(await consents.List(user)));
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, ReadOnlySpan<byte> document)
    {
        using var parsed = JsonDocument.Parse(document.ToArray());
        json.WritePropertyName(name);
        parsed.RootElement.WriteTo(json);
    }
}
