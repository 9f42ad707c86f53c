using Latchkey.Cryptography;

namespace Latchkey.Tests.Cryptography;

/// <summary>What is kept of tokens whose signatures were verified.</summary>
public sealed class VerifiedTokensTests
{
    private readonly VerifiedTokens<string> tokens;
    private readonly List<string> verified = [];

    public VerifiedTokensTests() => tokens = new(capacity: 3, Verify);

    [Fact]
    public void A_token_that_comes_again_is_not_verified_again_and_one_that_is_not_valid_is_each_time()
    {
        Read("a").ShouldBe("A");
        Read("a").ShouldBe("A");
        Read("not valid").ShouldBeNull();
        Read("not valid").ShouldBeNull();
        verified.ShouldBe(["a", "not valid", "not valid"]);
    }

    [Fact]
    public void Only_what_came_lately_is_kept()
    {
        foreach (var text in new[] { "a", "b", "c", "a", "d", "e", "f" })
        {
            Read(text);
        }

        verified.ShouldBe(["a", "b", "c", "d", "e", "f"]);
        Read("a");
        verified.Count.ShouldBe(6, "it came after the first generation was full");
        Read("b");
        verified.Count.ShouldBe(7, "it did not");
    }

    private string? Read(string text) => tokens.Read(text);

    private string? Verify(string text)
    {
        verified.Add(text);
        return text.Length == 1 ? text.ToUpperInvariant() : null;
    }
}
