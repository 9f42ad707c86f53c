using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Users.Passkeys;

namespace Latchkey.Tests.Users.Passkeys;

/// <summary>passkeyAttestation direct: only models of the list, proved by a certificate that leads to one of the roots.</summary>
public sealed class AttestedModelTests
{
    private const string Attested = "packed-es256";

    [Fact]
    public async Task A_model_of_the_list_with_a_certificate_of_the_root_is_accepted()
    {
        var vector = WebAuthnVector.Find(Attested);
        (await Cause(vector, [vector.Aaguid], [WebAuthnVector.Root])).ShouldBeNull();
        (await Cause(vector, ["ee882879-721c-4913-9775-3dfcce97072a", vector.Aaguid], [OtherRoot(), WebAuthnVector.Root])).ShouldBeNull();
    }

    [Fact]
    public async Task Without_its_root_it_is_refused()
    {
        var vector = WebAuthnVector.Find(Attested);
        const string cause = "the certificate does not lead to one of passkeyRoots";
        (await Cause(vector, [vector.Aaguid], [])).ShouldBe(cause);
        (await Cause(vector, [vector.Aaguid], [OtherRoot()])).ShouldBe(cause);
    }

    [Fact]
    public async Task Another_model_is_refused()
    {
        var vector = WebAuthnVector.Find(Attested);
        (await Cause(vector, ["ee882879-721c-4913-9775-3dfcce97072a"], [WebAuthnVector.Root])).ShouldBe(
            $"the model {vector.Aaguid} is not one of passkeyModels"
        );
    }

    [Theory]
    [InlineData("packed-self-es256")]
    [InlineData("none-es256")]
    public async Task A_model_that_nothing_or_only_itself_proves_is_refused(string name)
    {
        var vector = WebAuthnVector.Find(name);
        (await Cause(vector, [vector.Aaguid], [WebAuthnVector.Root])).ShouldBe("no certificate proves the model");
    }

    private static async Task<string?> Cause(WebAuthnVector vector, string[] models, string[] roots)
    {
        var ceremony = new VectorCeremony();
        ceremony = new() { RelyingParty = ceremony.RelyingParty with { Models = models, Roots = roots } };
        return (await ceremony.Register(vector.Registration, verifiesUser: false)).Error?.Cause;
    }

    private static string OtherRoot()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Another maker", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = request.CreateSelfSigned(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2046, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return Convert.ToBase64String(root.RawData);
    }
}
