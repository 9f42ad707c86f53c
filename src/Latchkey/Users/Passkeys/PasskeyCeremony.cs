using System.Buffers.Text;
using System.Formats.Asn1;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text.Json;
using Fido2NetLib;
using Fido2NetLib.Exceptions;
using Fido2NetLib.Objects;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Users.Passkeys;

/// <summary>
/// The two ceremonies of WebAuthn: registering a passkey (§7.1) and signing with it (§7.2). Nothing is stored here; whoever stores the
/// result must use up its challenge in the same transaction.
/// </summary>
public sealed class PasskeyCeremony(InstallationTokens tokens, TimeProvider clock)
{
    /// <summary>How long a challenge can be answered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int ChallengeBytes = 32;
    private const int MaxCauseLength = 200;
    private const string NotDer = "the signature is not in DER";

    /// <summary>What a new passkey may be signed with, the best first.</summary>
    private static readonly PubKeyCredParam[] Algorithms =
    [
        new(COSE.Algorithm.EdDSA),
        new(COSE.Algorithm.ES256),
        new(COSE.Algorithm.ES384),
        new(COSE.Algorithm.ES512),
        new(COSE.Algorithm.RS256),
    ];

    /// <summary>64 random bytes in base64url, by which authenticators know a user (WebAuthn §14.6.1: no personal data).</summary>
    public static string NewUserHandle() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64));

    /// <summary>Asks for a new passkey that can be found without a user name, and that verifies its user.</summary>
    /// <param name="relyingParty">Who asks.</param>
    /// <param name="purpose">A <see cref="PasskeyPurpose"/>.</param>
    /// <param name="subject">The session or login that asks.</param>
    /// <param name="userHandle">As in <see cref="NewUserHandle"/>.</param>
    /// <param name="userName">What the authenticator shows of the user.</param>
    /// <param name="existing">The user's passkeys, so that an authenticator that holds one makes no second.</param>
    public PasskeyOptions Register(
        RelyingParty relyingParty,
        string purpose,
        string subject,
        string userHandle,
        string userName,
        IEnumerable<Passkey> existing
    )
    {
        var request = NewRequest(relyingParty, purpose, subject);
        return Answer(request, CreationOptions(relyingParty, request, userHandle, userName, existing).ToJson());
    }

    /// <summary>Asks for a signature.</summary>
    /// <param name="relyingParty">Who asks.</param>
    /// <param name="purpose">A <see cref="PasskeyPurpose"/>.</param>
    /// <param name="subject">The session or login that asks; empty for a sign-in.</param>
    /// <param name="allowed">The user's passkeys; null if the user is not known yet.</param>
    /// <param name="verifiesUser">Whether the authenticator must verify its user.</param>
    public PasskeyOptions SignIn(
        RelyingParty relyingParty,
        string purpose,
        string subject,
        IEnumerable<Passkey>? allowed,
        bool verifiesUser
    )
    {
        var request = NewRequest(relyingParty, purpose, subject);
        return Answer(request, RequestOptions(relyingParty, request, allowed, verifiesUser).ToJson());
    }

    /// <summary>
    /// Verifies the answer to <see cref="Register"/>. 602 when it is no credential; 717 with the cause in the log when something is wrong.
    /// </summary>
    /// <param name="verifiesUser">Whether the authenticator must have verified its user.</param>
    public async Task<Result<RegisteredPasskey>> VerifyRegistration(
        RelyingParty relyingParty,
        PasskeyRequest request,
        string credential,
        bool verifiesUser = true
    )
    {
        if (CredentialJson.ParseRegistration(credential).Failed(out var parsed, out var notACredential))
        {
            return notACredential;
        }

        var (response, transports) = parsed;
        if (ClientData.Check(response.Response.ClientDataJson, ClientData.Create, request, relyingParty.Origins) is { } foreign)
        {
            return foreign;
        }

        var options = CreationOptions(relyingParty, request, NewUserHandle(), "", []);
        options.AuthenticatorSelection.UserVerification = Verification(verifiesUser);
        return await Guard<RegisteredPasskey>(async () =>
        {
            var attested = AuthenticatorAttestationResponse.Parse(response).AttestationObject;
            var registered = await LibraryFor(relyingParty)
                .MakeNewCredentialAsync(
                    new MakeNewCredentialParams
                    {
                        AttestationResponse = response,
                        OriginalOptions = options,
                        IsCredentialIdUniqueToUserCallback = (_, _) => Task.FromResult(true), // the database knows
                    }
                );
            var passkey = new Passkey
            {
                RpId = relyingParty.Id,
                CredentialId = Base64Url.EncodeToString(registered.Id),
                PublicKey = Base64Url.EncodeToString(registered.PublicKey),
                SignCount = registered.SignCount,
                Transports = transports,
                BackupEligible = registered.IsBackupEligible,
                BackedUp = registered.IsBackedUp,
                Aaguid = registered.AaGuid.ToString(),
            };
            return !registered.Id.AsSpan().SequenceEqual(response.RawId) ? Refuse("the id of another credential")
                : !EcdsaSignature.IsWellFormed(attested) ? Refuse(NotDer)
                : PasskeyAttestationRules.Check(relyingParty, passkey, attested, clock.GetUtcNow()) is { } unproven ? unproven
                : new RegisteredPasskey(passkey, request, attested.AuthData.UserVerified);
        });
    }

    /// <summary>As <see cref="VerifyRegistration"/>, for the answer to <see cref="SignIn"/>.</summary>
    /// <param name="response">The parsed credential.</param>
    /// <param name="owner">Whose credential it is.</param>
    public async Task<Result<PasskeyProof>> VerifyAssertion(
        RelyingParty relyingParty,
        PasskeyRequest request,
        AuthenticatorAssertionRawResponse response,
        Passkey passkey,
        string userHandle,
        bool verifiesUser
    )
    {
        if (ClientData.Check(response.Response.ClientDataJson, ClientData.Get, request, relyingParty.Origins) is { } foreign)
        {
            return foreign;
        }

        return await Guard<PasskeyProof>(async () =>
        {
            var data = AuthenticatorData.Parse(response.Response.AuthenticatorData);
            var publicKey = Base64Url.DecodeFromChars(passkey.PublicKey);
            await LibraryFor(relyingParty)
                .MakeAssertionAsync(
                    new MakeAssertionParams
                    {
                        AssertionResponse = response,
                        OriginalOptions = RequestOptions(relyingParty, request, allowed: null, verifiesUser),
                        StoredPublicKey = publicKey,
                        StoredSignatureCounter = 0, // compared below, also where it went back to 0
                        IsUserHandleOwnerOfCredentialIdCallback = (asked, _) =>
                            Task.FromResult(Base64Url.EncodeToString(asked.UserHandle) == userHandle),
                    }
                );
            return !EcdsaSignature.IsWellFormed(publicKey, response.Response.Signature) ? Refuse(NotDer)
                : data.IsBackupEligible != passkey.BackupEligible ? Refuse("its eligibility for backups changed")
                : (data.SignCount > 0 || passkey.SignCount > 0) && data.SignCount <= passkey.SignCount
                    ? Refuse("the counter did not rise: the passkey may have been copied")
                : new PasskeyProof(passkey, request, data.SignCount, data.IsBackedUp, data.UserVerified);
        });
    }

    /// <summary>Reads a request token. 717 when it is not one of this relying party, purpose and subject, or has expired.</summary>
    public Result<PasskeyRequest> ReadRequest(RelyingParty relyingParty, string purpose, string subject, string token) =>
        tokens.ReadPasskeyRequest(token) is not { } request || request.Scope != relyingParty.Scope ? Refuse("not a request token")
        : request.Purpose != purpose ? Refuse("the request token is for something else")
        : request.Subject != subject ? Refuse("somebody else's request token")
        : request.ExpiresAt <= clock.GetUtcNow().ToUnixTimeSeconds() ? Refuse("the request token has expired")
        : request;

    private PasskeyRequest NewRequest(RelyingParty relyingParty, string purpose, string subject) =>
        new(
            relyingParty.Scope,
            purpose,
            subject,
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ChallengeBytes)),
            (clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds()
        );

    private PasskeyOptions Answer(PasskeyRequest request, string options)
    {
        using var document = JsonDocument.Parse(options);
        return new PasskeyOptions(tokens.Write(request), document.RootElement.Clone());
    }

    private static CredentialCreateOptions CreationOptions(
        RelyingParty relyingParty,
        PasskeyRequest request,
        string userHandle,
        string userName,
        IEnumerable<Passkey> existing
    ) =>
        CredentialCreateOptions.Create(
            ConfigurationOf(relyingParty),
            Base64Url.DecodeFromChars(request.Challenge),
            new Fido2User
            {
                Id = Base64Url.DecodeFromChars(userHandle),
                Name = userName,
                DisplayName = userName,
            },
            new AuthenticatorSelection
            {
                ResidentKey = ResidentKeyRequirement.Required,
                UserVerification = UserVerificationRequirement.Required,
            },
            relyingParty.Models is null ? AttestationConveyancePreference.None : AttestationConveyancePreference.Direct,
            Descriptors(existing),
            new AuthenticationExtensionsClientInputs { CredProps = true },
            Algorithms
        );

    private static AssertionOptions RequestOptions(
        RelyingParty relyingParty,
        PasskeyRequest request,
        IEnumerable<Passkey>? allowed,
        bool verifiesUser
    ) =>
        AssertionOptions.Create(
            ConfigurationOf(relyingParty),
            Base64Url.DecodeFromChars(request.Challenge),
            Descriptors(allowed ?? []),
            Verification(verifiesUser),
            new AuthenticationExtensionsClientInputs()
        );

    private static UserVerificationRequirement Verification(bool isRequired) =>
        isRequired ? UserVerificationRequirement.Required : UserVerificationRequirement.Preferred;

    private static PublicKeyCredentialDescriptor[] Descriptors(IEnumerable<Passkey> passkeys) =>
        [
            .. passkeys.Select(passkey => new PublicKeyCredentialDescriptor(
                PublicKeyCredentialType.PublicKey,
                Base64Url.DecodeFromChars(passkey.CredentialId),
                [
                    .. passkey
                        .Transports.Split(',', StringSplitOptions.RemoveEmptyEntries)
                        .Select(name =>
                            EnumNameMapper<AuthenticatorTransport>.TryGetValue(name, out var transport)
                                ? transport
                                : (AuthenticatorTransport?)null
                        )
                        .OfType<AuthenticatorTransport>(),
                ]
            )),
        ];

    private static Fido2 LibraryFor(RelyingParty relyingParty) => new(ConfigurationOf(relyingParty), metadataService: null);

    private static Fido2Configuration ConfigurationOf(RelyingParty relyingParty) =>
        new()
        {
            RPID = relyingParty.Id,
            RPName = relyingParty.Name,
            Origins = relyingParty.Origins.ToHashSet(StringComparer.Ordinal),
            Timeout = (uint)Lifetime.TotalMilliseconds,
        };

    /// <summary>
    /// The library reads bytes of strangers and throws what its parsers and the platform's cryptography throw for wrong ones. All of it is
    /// a refusal.
    /// </summary>
    private static async Task<Result<T>> Guard<T>(Func<Task<Result<T>>> verify)
    {
        try
        {
            return await verify();
        }
        catch (Fido2VerificationException e)
        {
            return Refuse(Describe(e));
        }
        catch (Exception e)
            when (e
                    is CborContentException
                        or AsnContentException
                        or CryptographicException
                        or FormatException
                        or InvalidCastException
                        or ArgumentException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or OverflowException
                        or NotSupportedException
                        or IndexOutOfRangeException
            )
        {
            return Refuse($"unreadable ({e.GetType().Name})");
        }
    }

    /// <summary>The library's sentence; its code where the sentence quotes what a stranger sent.</summary>
    private static string Describe(Fido2VerificationException e) =>
        e.Message.Length <= MaxCauseLength && e.Message.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or ',' or '-' or '_')
            ? e.Message
            : $"{e.Code}";

    private static Error Refuse(string cause) => ErrorCodes.InvalidPasskey.WithCause(cause);
}
