using System.Buffers.Text;
using System.Security.Cryptography;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Users.Passkeys;

namespace Latchkey.Tests.Users.Passkeys;

/// <summary>The product's ceremony, asked with the challenges of the vectors. A user's handle is that of <see cref="VectorAuthentication"/>.</summary>
public sealed class VectorCeremony
{
    private const string Subject = "session";
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
    private readonly InstallationTokens tokens;
    private readonly PasskeyCeremony ceremony;

    public VectorCeremony()
    {
        var clock = new ManualClock(Now);
        tokens = new(KeyRing.FromKeys([RootKey.Create(RootKey.IdAt(Now), RandomNumberGenerator.GetBytes(32))], clock));
        ceremony = new(tokens, clock);
    }

    /// <summary>An application with the settings that we give to all.</summary>
    public RelyingParty RelyingParty { get; init; } = new("app", "example.org", "Demo", ["https://example.org"]);

    public async Task<Result<RegisteredPasskey>> Register(VectorRegistration answer, byte[]? challenge = null, bool verifiesUser = true)
    {
        var request = RequestFor(challenge ?? answer.Challenge, PasskeyPurpose.Registration, Subject);
        return ceremony.ReadRequest(RelyingParty, request.Purpose, Subject, tokens.Write(request)).Failed(out var read, out var notAsked)
            ? notAsked
            : await ceremony.VerifyRegistration(RelyingParty, read, answer.ToJson(), verifiesUser);
    }

    /// <summary>Signs in with the key of the registration.</summary>
    public async Task<Result<PasskeyProof>> SignIn(WebAuthnVector vector, VectorAuthentication answer, bool verifiesUser = true)
    {
        if (CredentialJson.ParseAssertion(answer.ToJson()).Failed(out var response, out var notACredential))
        {
            return notACredential;
        }

        var original = vector.Authentication;
        var passkey = new Passkey
        {
            RpId = RelyingParty.Id,
            CredentialId = Base64Url.EncodeToString(original.CredentialId),
            PublicKey = vector.Registration.PublicKey,
            BackupEligible = original.IsBackupEligible,
        };
        return await ceremony.VerifyAssertion(
            RelyingParty,
            RequestFor(original.Challenge, PasskeyPurpose.SignIn, ""),
            response,
            passkey,
            Base64Url.EncodeToString(original.UserHandle),
            verifiesUser
        );
    }

    private PasskeyRequest RequestFor(byte[] challenge, string purpose, string subject) =>
        new(
            RelyingParty.Scope,
            purpose,
            subject,
            Base64Url.EncodeToString(challenge),
            (Now + PasskeyCeremony.Lifetime).ToUnixTimeSeconds()
        );
}
