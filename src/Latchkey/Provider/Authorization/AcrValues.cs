namespace Latchkey.Provider.Authorization;

/// <summary>The values of the claim <c>acr</c> that people who sign in on the pages can have (docs/second-factors.md).</summary>
public static class AcrValues
{
    public static IReadOnlyList<string> Supported { get; } = ["1", "2"];
}
