using Latchkey.Core;

namespace Latchkey.Provider.Authorization;

/// <summary>Where the answer to an authorization request goes. Only a redirect URI that is the client's gets into one.</summary>
/// <param name="RedirectUri">As it was sent.</param>
/// <param name="State">The request's; null for none.</param>
public sealed record AnswerAddress(string RedirectUri, string? State)
{
    /// <summary>The address with a code (RFC 6749 §4.1.2, RFC 9207 §2).</summary>
    public string WithCode(string issuer, string code) => With(issuer, ("code", code));

    /// <summary>The address with an error (RFC 6749 §4.1.2.1).</summary>
    public string WithError(string issuer, Error error) =>
        With(
            issuer,
            ("error", error.OAuthCode ?? throw new InvalidOperationException($"{error.Code} is no error of OAuth")),
            ("error_description", OAuthResults.Describe(error))
        );

    /// <summary>The query of a registered URI is kept.</summary>
    private string With(string issuer, params ReadOnlySpan<(string Name, string Value)> values)
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

        return url + (State is null ? "" : $"&state={Uri.EscapeDataString(State)}") + $"&iss={Uri.EscapeDataString(issuer)}";
    }
}
