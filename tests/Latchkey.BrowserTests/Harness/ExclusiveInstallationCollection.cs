namespace Latchkey.BrowserTests.Harness;

/// <summary>
/// Tests that change or count what all tests share (limits, who may join, work under way) run one after another, when the others are
/// through.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ExclusiveInstallationCollection
{
    public const string Name = "The whole installation";
}
