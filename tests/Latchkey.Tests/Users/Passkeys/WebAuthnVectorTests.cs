using Latchkey.Core;

namespace Latchkey.Tests.Users.Passkeys;

/// <summary>
/// The test vectors of WebAuthn Level 3 through the product's ceremony: the 15 pairs have the results of docs/passkeys.md, and none is
/// accepted any more after a change of a byte that is signed or compared.
/// </summary>
public sealed class WebAuthnVectorTests
{
    private readonly VectorCeremony ceremony = new();

    public static TheoryData<string> Names => [.. WebAuthnVector.All.Select(vector => vector.Name)];

    public static TheoryData<string> Attested =>
        [.. Accepted(result => result.WithoutVerification).Where(name => FormatOf(name) != "none")];

    public static TheoryData<string> Unattested =>
        [.. Accepted(result => result.WithoutVerification).Where(name => FormatOf(name) == "none")];

    public static TheoryData<string> Authenticated => [.. Accepted(result => result.SecondFactor)];

    [Fact]
    public void Each_of_the_15_pairs_has_an_expected_result() =>
        VectorResult.Expected.Select(result => result.Name).ShouldBe(WebAuthnVector.All.Select(vector => vector.Name), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_pair_has_its_expected_result(string name)
    {
        var (vector, expected) = (WebAuthnVector.Find(name), VectorResult.Expected.Single(result => result.Name == name));
        CauseOf(await ceremony.Register(vector.Registration)).ShouldBe(expected.Registration);
        CauseOf(await ceremony.Register(vector.Registration, verifiesUser: false)).ShouldBe(expected.WithoutVerification);
        CauseOf(await ceremony.SignIn(vector, vector.Authentication)).ShouldBe(expected.SignIn);
        CauseOf(await ceremony.SignIn(vector, vector.Authentication, verifiesUser: false)).ShouldBe(expected.SecondFactor);
    }

    [Fact]
    public async Task What_is_registered_is_what_the_vector_says()
    {
        foreach (var name in Accepted(result => result.WithoutVerification))
        {
            var vector = WebAuthnVector.Find(name);
            var made = (await ceremony.Register(vector.Registration, verifiesUser: false)).Value.ShouldNotBeNull().Passkey;
            made.Aaguid.ShouldBe(vector.Aaguid, name);
            made.PublicKey.ShouldBe(vector.Registration.PublicKey, name);
            (made.SignCount, made.BackupEligible).ShouldBe((0, vector.Authentication.IsBackupEligible), name);
        }
    }

    /// <summary>With a statement everything is signed, directly or by its hash.</summary>
    [Theory]
    [MemberData(nameof(Attested))]
    public async Task A_registration_with_a_statement_is_refused_after_a_change_of_any_byte(string name)
    {
        var original = WebAuthnVector.Find(name).Registration;
        var data = RangeOf(original.AttestationObject, original.AuthenticatorData);
        var signature = RangeOf(original.AttestationObject, original.Signature);
        var changed = original
            .ClientData.Index()
            .Select(at => original with { ClientData = Flip(original.ClientData, at.Index) })
            .Concat(
                Indices(data)
                    .Concat(Indices(signature))
                    .Select(at => original with { AttestationObject = Flip(original.AttestationObject, at) })
            );
        await ShouldAllBeRefused(original, changed);
    }

    /// <summary>Without one, what is compared is: type, challenge, origin, RP id, presence of the user, and the credential's id.</summary>
    [Theory]
    [MemberData(nameof(Unattested))]
    public async Task A_registration_without_a_statement_is_refused_after_a_change_of_any_byte_that_is_compared(string name)
    {
        const int rpIdHash = 32;
        const int idLength = 53;
        var original = WebAuthnVector.Find(name).Registration;
        var origin = "https://example.org\""u8;
        var compared = original.ClientData.AsSpan().IndexOf(origin) + origin.Length;
        var (data, _) = RangeOf(original.AttestationObject, original.AuthenticatorData)
            .GetOffsetAndLength(original.AttestationObject.Length);
        var changed = Enumerable
            .Range(0, compared)
            .Select(at => original with { ClientData = Flip(original.ClientData, at) })
            .Concat(
                Enumerable
                    .Range(0, rpIdHash + 1)
                    .Concat(Enumerable.Range(idLength, 2 + original.CredentialId.Length))
                    .Select(at => original with { AttestationObject = Flip(original.AttestationObject, data + at) })
            );
        await ShouldAllBeRefused(original, changed);
    }

    [Theory]
    [MemberData(nameof(Authenticated))]
    public async Task An_authentication_is_refused_after_a_change_of_any_byte(string name)
    {
        var (vector, original) = (WebAuthnVector.Find(name), WebAuthnVector.Find(name).Authentication);
        var changed = original
            .ClientData.Index()
            .Select(at => original with { ClientData = Flip(original.ClientData, at.Index) })
            .Concat(
                original
                    .AuthenticatorData.Index()
                    .Select(at => original with { AuthenticatorData = Flip(original.AuthenticatorData, at.Index) })
            )
            .Concat(original.Signature.Index().Select(at => original with { Signature = Flip(original.Signature, at.Index) }))
            .Concat(original.UserHandle.Index().Select(at => original with { UserHandle = Flip(original.UserHandle, at.Index) }))
            .ToList();
        CauseOf(await ceremony.SignIn(vector, original, verifiesUser: false)).ShouldBeNull();
        foreach (var (i, one) in changed.Index())
        {
            ShouldBeRefused(await ceremony.SignIn(vector, one, verifiesUser: false), $"change {i}");
        }

        TestScale.RecordFigure(98, $"{name}: {changed.Count} authentications with one changed byte, 0 accepted");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_to_another_challenge_is_refused(string name)
    {
        var vector = WebAuthnVector.Find(name);
        CauseOf(await ceremony.Register(vector.Registration, vector.Authentication.Challenge)).ShouldBe("another challenge");
    }

    private async Task ShouldAllBeRefused(VectorRegistration original, IEnumerable<VectorRegistration> changed)
    {
        CauseOf(await ceremony.Register(original, verifiesUser: false)).ShouldBeNull();
        var tried = 0;
        foreach (var one in changed)
        {
            ShouldBeRefused(await ceremony.Register(one, original.Challenge, verifiesUser: false), $"change {tried++}");
        }

        // The id that the browser gives beside it.
        foreach (var (at, _) in original.CredentialId.Index())
        {
            var other = original with { CredentialId = Flip(original.CredentialId, at) };
            ShouldBeRefused(await ceremony.Register(other, verifiesUser: false), $"byte {at} of the id");
            tried++;
        }

        TestScale.RecordFigure(98, $"{original.Format}: {tried} registrations with one changed byte, 0 accepted");
    }

    private static void ShouldBeRefused<T>(Result<T> result, string what) =>
        new[] { ErrorCodes.InvalidPasskey.Code, ErrorCodes.InvalidData.Code }.ShouldContain(result.Error?.Code ?? 0, what);

    private static string? CauseOf<T>(Result<T> result) => result.Error is null ? null : result.Error.Cause ?? result.Error.Message;

    private static IEnumerable<string> Accepted(Func<VectorResult, string?> cause) =>
        VectorResult.Expected.Where(result => cause(result) is null).Select(result => result.Name);

    private static string FormatOf(string name) => WebAuthnVector.Find(name).Registration.Format;

    private static Range RangeOf(byte[] whole, byte[] part)
    {
        var start = whole.AsSpan().IndexOf(part);
        start.ShouldBeGreaterThan(0);
        return start..(start + part.Length);
    }

    private static IEnumerable<int> Indices(Range range) => Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value);

    private static byte[] Flip(byte[] bytes, int index)
    {
        var changed = bytes.ToArray();
        changed[index] ^= 1;
        return changed;
    }
}
