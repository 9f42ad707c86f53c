namespace Latchkey.Tests.Harness;

/// <summary>Tests that need the whole machine run one after another, when the others are through.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SerialCollection
{
    public const string Name = "Under fire";
}
