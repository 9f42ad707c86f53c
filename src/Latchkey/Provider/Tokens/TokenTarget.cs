namespace Latchkey.Provider.Tokens;

/// <summary>What an access token is for.</summary>
/// <param name="Audiences">The claim <c>aud</c>: resource indicators, or the issuer alone.</param>
/// <param name="Scopes">Those that mean something there; may be empty.</param>
/// <param name="Seconds">Its lifetime.</param>
public sealed record TokenTarget(IReadOnlyList<string> Audiences, IReadOnlyList<string> Scopes, long Seconds)
{
    /// <summary>With spaces between the scopes.</summary>
    public string Scope => string.Join(' ', Scopes);
}
