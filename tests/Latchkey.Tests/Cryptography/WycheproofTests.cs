using System.Text.Json;
using Latchkey.Api.SocialLogin;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Tests.Api.SocialLogin;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Tests.Cryptography;

/// <summary>Project Wycheproof's vectors through our verifier: 0 invalid accepted, and the valid ones of our algorithms are.</summary>
public sealed class WycheproofTests
{
    private static readonly string[] Ours = ["HS256", "RS256", "ES256"];

    /// <summary>
    /// The two invalidBase64Padding vectors lost their padding on the way: byte for byte they are the group's valid token.
    /// </summary>
    private static readonly int[] AlsoListedAsValid = [367, 370];

    /// <summary>Valid in spite of stray characters in the base64url, which lenient decoders skip and ours refuses.</summary>
    private static readonly int[] WithStrayCharacters = [372, 373];

    /// <summary>
    /// Signed as they should be with a shared secret, in a key set that has keys of another kind too, or two under one id. The reader of
    /// single keys takes the secret; the one that reads others' key sets takes no secrets at all, and refuses them.
    /// </summary>
    private static readonly int[] OfAmbiguousKeySets = [1, 4];

    [Theory]
    [InlineData("wycheproof_json_web_signature_test.json")]
    [InlineData("wycheproof_json_web_key_test.json")]
    public void No_invalid_signature_is_accepted(string file)
    {
        var invalid = Vectors(file).Where(vector => vector.Result != "valid").ToList();
        invalid.Count.ShouldBeGreaterThan(20);
        TestScale.RecordFigure(
            22,
            $"{file}: {invalid.Count} vectors that are not valid, 0 accepted but for those that repeat a valid token byte for byte"
        );
        invalid
            .Where(Accepted)
            .Select(vector => vector.Id)
            .Except(file.Contains("signature") ? AlsoListedAsValid : OfAmbiguousKeySets)
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task No_invalid_token_is_accepted_with_a_key_set_of_others()
    {
        await using var provider = await FakeIdentityProvider.Start();
        var invalid = Vectors("wycheproof_json_web_key_test.json")
            .Where(vector => vector.Result != "valid" && vector.Set is not null)
            .ToList();
        OfAmbiguousKeySets.ShouldBeSubsetOf(invalid.Select(vector => vector.Id));
        foreach (var vector in invalid)
        {
            provider.Foreign = vector.Set;
            using var keys = new ProviderKeyCache(
                new InstallationSettings { GoogleKeysUrl = new Uri(provider.Address, "/google") },
                TimeProvider.System,
                NullLogger<ProviderKeyCache>.Instance
            );
            foreach (var keyId in vector.Keys.Select(key => key.GetStringOrNull("kid")!).Distinct(StringComparer.Ordinal))
            {
                var found = await keys.Find("google", keyId, CancellationToken.None);
                Jwt.Verify(vector.Token, _ => found).ShouldBeNull($"{vector.Id} {vector.Comment}");
            }
        }

        provider.Fetches.ShouldBe(invalid.Count);
    }

    [Fact]
    public void Every_valid_signature_of_our_algorithms_is_accepted()
    {
        var valid = Vectors("wycheproof_json_web_signature_test.json")
            .Where(vector => vector.Result == "valid" && Ours.Contains(vector.Algorithm))
            .ToList();
        valid.Count.ShouldBe(20);
        valid.Where(vector => !Accepted(vector)).Select(vector => vector.Id).ShouldBe(WithStrayCharacters);
    }

    private static bool Accepted(Vector vector) =>
        Jwt.Verify(
            vector.Token,
            header =>
                vector.Keys.Select(Jwk.Read).FirstOrDefault(key => key is not null && (vector.Keys.Count == 1 || key.KeyId == header.KeyId))
        )
            is not null;

    private static IEnumerable<Vector> Vectors(string file)
    {
        using var text = File.OpenRead(Path.Combine(RepositoryPaths.TestData, "vectors", file));
        var root = JsonDocument.Parse(text).RootElement;
        return root.GetProperty("testGroups")
            .EnumerateArray()
            .SelectMany(group => group.GetProperty("tests").EnumerateArray().Select(test => Read(group, test)))
            .ToList();
    }

    private static Vector Read(JsonElement group, JsonElement test)
    {
        var key = group.TryGetProperty("public", out var published) ? published : group.GetProperty("private");
        List<JsonElement> keys = key.TryGetProperty("keys", out var set) ? [.. set.EnumerateArray()] : [key];
        var jws = test.GetProperty("jws");
        return new(
            test.GetProperty("tcId").GetInt32(),
            test.GetProperty("comment").GetString()!,
            test.GetProperty("result").GetString()!,
            jws.ValueKind == JsonValueKind.String ? jws.GetString()! : jws.GetRawText(),
            keys,
            keys[0].GetStringOrNull("alg"),
            key.TryGetProperty("keys", out _) ? key.GetRawText() : null
        );
    }

    private sealed record Vector(
        int Id,
        string Comment,
        string Result,
        string Token,
        IReadOnlyList<JsonElement> Keys,
        string? Algorithm,
        string? Set
    );
}
