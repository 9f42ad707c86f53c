namespace Latchkey.Provider.IdentityProviders;

/// <summary>What one look at a provider found.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Result">A sentence for the developer.</param>
/// <param name="IsProblem">Sign-in does not work so.</param>
public sealed record ProviderCheckResult(string Name, string Result, bool IsProblem)
{
    public static ProviderCheckResult Good(string name, string sentence) => new(name, sentence, IsProblem: false);

    public static ProviderCheckResult Problem(string name, string sentence) => new(name, sentence, IsProblem: true);
}
