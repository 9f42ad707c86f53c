using Latchkey.Core;

namespace Latchkey.Provider.Authorization;

/// <summary>Where the answer to an authorization request goes. Only a redirect URI that is the client's gets into one.</summary>
/// <param name="RedirectUri">As it was sent.</param>
/// <param name="State">The request's; null for none.</param>
/// <param name="IsForm">The client wants a form in the place of an address (OAuth 2.0 Form Post Response Mode).</param>
public sealed record AnswerAddress(string RedirectUri, string? State, bool IsForm = false)
{
    /// <summary>The answer with a code (RFC 6749 §4.1.2, RFC 9207 §2).</summary>
    public AuthorizationAnswer WithCode(string issuer, string code) => Create(null, issuer, ("code", code));

    /// <summary>The answer with an error (RFC 6749 §4.1.2.1).</summary>
    public AuthorizationAnswer WithError(string issuer, Error error) =>
        Create(
            error,
            issuer,
            ("error", error.OAuthCode ?? throw new InvalidOperationException($"{error.Code} is no error of OAuth")),
            ("error_description", OAuthResults.Describe(error))
        );

    private AuthorizationAnswer Create(Error? error, string issuer, params ReadOnlySpan<(string Name, string Value)> values)
    {
        (string Name, string Value)[] all = [.. values, .. State is null ? [] : new[] { ("state", State) }, ("iss", issuer)];
        return IsForm ? new(RedirectUri, error, all) : new(WithQuery(all), error);
    }

    /// <summary>The query of a registered URI is kept.</summary>
    private string WithQuery(IEnumerable<(string Name, string Value)> values)
    {
        var url = RedirectUri;
        var separator =
            !url.Contains('?', StringComparison.Ordinal) ? "?"
            : url[^1] is '?' or '&' ? ""
            : "&";
        foreach (var (name, value) in values)
        {
            url += $"{separator}{name}={Uri.EscapeDataString(value)}";
            separator = "&";
        }

        return url;
    }
}
