namespace Latchkey.Provider.IdentityProviders;

/// <summary>What is wrong with a text.</summary>
/// <param name="Field">The name of <see cref="IdentityProviderFields"/>, or of a field of the template.</param>
/// <param name="Sentence">For people.</param>
public sealed record IdentityProviderProblem(string Field, string Sentence);
