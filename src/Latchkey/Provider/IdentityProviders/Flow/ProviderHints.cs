namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>What a provider is told of the request that brought the user (OpenID Connect Core §3.1.2.1).</summary>
/// <param name="LoginHint">The address that the client knows; null for none.</param>
/// <param name="Prompt">login or select_account; null for none.</param>
/// <param name="MaxAge">How many seconds ago the user may have signed in there; null for any time.</param>
/// <param name="UiLocales">Language tags, with spaces between them; null for none.</param>
public sealed record ProviderHints(string? LoginHint = null, string? Prompt = null, long? MaxAge = null, string? UiLocales = null)
{
    /// <summary>Asks for a new sign-in, and for the time of it, which a provider must say when it gets a max_age.</summary>
    public static readonly ProviderHints Anew = new(Prompt: Authorization.Prompt.Login, MaxAge: 0);
}
