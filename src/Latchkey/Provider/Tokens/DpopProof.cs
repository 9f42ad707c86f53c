namespace Latchkey.Provider.Tokens;

/// <summary>A DPoP proof that is valid and was not used before (RFC 9449 §4.3).</summary>
/// <param name="Key">The thumbprint of its key, as in <c>cnf.jkt</c>.</param>
public sealed record DpopProof(string Key);
