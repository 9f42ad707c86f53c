namespace Latchkey.Provider.Authorization;

/// <summary>An authorization request whose client and redirect URI are known to be right (OpenID Connect Core §3.1.2.1).</summary>
public sealed record AuthorizationRequest
{
    public required string ClientId { get; init; }

    /// <summary>As it was sent: one of the client's, or a loopback one with another port.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>What comes back with the answer; null for none.</summary>
    public string? State { get; init; }

    /// <summary>The answer is a form in the place of an address.</summary>
    public bool IsFormPost { get; init; }

    /// <summary>The scopes that the client may get of those it asked for; never empty.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The resource indicators that it asked for, all allowed to it.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    public string? Nonce { get; init; }

    /// <summary>Values of <c>prompt</c>: none, login, consent, select_account, create.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>How many seconds ago the user may have signed in at most; null for any time.</summary>
    public long? MaxAge { get; init; }

    public string? LoginHint { get; init; }

    /// <summary>The alias of the other provider that the user is to sign in with (<c>idp_hint</c>, our own); null for none.</summary>
    public string? ProviderHint { get; init; }

    /// <summary>The id of the user whom the ID token in <c>id_token_hint</c>, or the claim sub in <c>claims</c>, names.</summary>
    public string? Subject { get; init; }

    /// <summary>Language tags, the best first.</summary>
    public IReadOnlyList<string> UiLocales { get; init; } = [];

    /// <summary>The values of the claim acr of which one is demanded; empty for no demand.</summary>
    public IReadOnlyList<string> EssentialAcr { get; init; } = [];

    /// <summary>The parameter <c>claims</c>, a JSON object; null for none.</summary>
    public string? Claims { get; init; }

    /// <summary>The PKCE challenge by S256; null only for a confidential client that need not send one.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>The thumbprint that the code is bound to (RFC 9449 §10); null for none.</summary>
    public string? DpopKey { get; init; }

    public bool HasPrompt(string value) => Prompts.Contains(value, StringComparer.Ordinal);
}
