using System.Formats.Cbor;
using System.Text;
using Latchkey.Core;
using Latchkey.Tests.Abuse;

namespace Latchkey.Tests.Users.Passkeys;

/// <summary>Whatever strangers send, the ceremony answers with a refusal and never with an exception.</summary>
public sealed class CeremonyRobustnessTests
{
    private const int Rounds = 400;

    private static readonly string[] Members = ["alg", "sig", "x5c", "ver", "response", "certInfo", "pubArea", "receipt", "ecdaaKeyId"];
    private readonly VectorCeremony ceremony = new();

    public static TheoryData<string> Formats =>
        ["none", "packed", "tpm", "android-key", "android-safetynet", "fido-u2f", "apple", "apple-appattest", "compound", ""];

    public static TheoryData<string> Names => [.. WebAuthnVector.All.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Statements_of_members_of_any_kind_are_refused(string format)
    {
        var original = WebAuthnVector.Find("packed-es256").Registration;
        var random = new SeededRandom(20261130);
        foreach (var round in Enumerable.Range(0, Rounds))
        {
            var statement = AttestationOf(original, format, random);
            var refused = await ceremony.Register(original with { AttestationObject = statement }, verifiesUser: false);
            (refused.Error?.Code).ShouldBe(ErrorCodes.InvalidPasskey.Code, $"{format}, round {round}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bytes_that_are_changed_or_cut_off_anywhere_raise_nothing(string name)
    {
        var vector = WebAuthnVector.Find(name);
        var (made, used) = (vector.Registration, vector.Authentication);
        var random = new SeededRandom(20261130);
        foreach (var at in Enumerable.Range(0, made.AttestationObject.Length).Where(at => at % 3 == 0))
        {
            var changed = made.AttestationObject.ToArray();
            changed[at] = (byte)random.Next(256);
            await ceremony.Register(made with { AttestationObject = changed }, verifiesUser: false);
            await ShouldBeRefused(made with { AttestationObject = made.AttestationObject[..at] });
        }

        foreach (var length in Enumerable.Range(0, used.AuthenticatorData.Length))
        {
            var cut = await ceremony.SignIn(vector, used with { AuthenticatorData = used.AuthenticatorData[..length] });
            cut.Error.ShouldNotBeNull();
        }
    }

    private async Task ShouldBeRefused(VectorRegistration registration) =>
        (await ceremony.Register(registration, verifiesUser: false)).Error.ShouldNotBeNull();

    /// <summary>An attestation object with authenticator data that are right, and with members of any type and length.</summary>
    private static byte[] AttestationOf(VectorRegistration original, string format, SeededRandom random)
    {
        var members = Members.Where(_ => random.OneIn(2)).Append("sig").Distinct(StringComparer.Ordinal).ToList();
        var writer = new CborWriter();
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString(format);
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(members.Count);
        foreach (var member in members)
        {
            writer.WriteTextString(member);
            WriteAny(writer, random);
        }

        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString(original.AuthenticatorData);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static void WriteAny(CborWriter writer, SeededRandom random)
    {
        switch (random.Next(8))
        {
            case 0:
                writer.WriteInt32(random.OneIn(2) ? -7 : random.Next(int.MaxValue));
                break;
            case 1:
                writer.WriteByteString(random.Bytes(random.Next(80)));
                break;
            case 2:
                writer.WriteTextString(random.OneIn(2) ? "2.0" : "x");
                break;
            case 3:
                writer.WriteStartArray(2);
                writer.WriteByteString(random.Bytes(random.Next(80)));
                writer.WriteByteString(Convert.FromBase64String(WebAuthnVector.Root));
                writer.WriteEndArray();
                break;
            case 4:
                writer.WriteStartArray(1);
                writer.WriteByteString(Convert.FromBase64String(WebAuthnVector.Root));
                writer.WriteEndArray();
                break;
            case 5:
                writer.WriteStartMap(0);
                writer.WriteEndMap();
                break;
            case 6:
                writer.WriteByteString(Encoding.UTF8.GetBytes(random.OneIn(2) ? "e30.e30.e30" : """eyJhbGciOiJub25lIn0.e30."""));
                break;
            default:
                writer.WriteNull();
                break;
        }
    }
}
