using Latchkey.Core;

namespace Latchkey.Tests.Core;

public sealed class VersionOrderTests
{
    [Fact]
    public void Versions_are_in_the_order_of_semantic_versioning()
    {
        string[] ordered =
        [
            "0.1.0-alpha.0.2",
            "0.1.0-alpha.0.12",
            "0.1.0-alpha.beta",
            "0.1.0-beta",
            "0.1.0-beta.1",
            "0.1.0",
            "0.9.0",
            "0.10.0",
            "1.0.0",
        ];
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var j = 0; j < ordered.Length; j++)
            {
                Math.Sign(VersionOrder.Instance.Compare(ordered[i], ordered[j])).ShouldBe(i.CompareTo(j), $"{ordered[i]} and {ordered[j]}");
            }
        }
    }
}
