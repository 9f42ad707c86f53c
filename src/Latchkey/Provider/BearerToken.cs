using Latchkey.Core;

namespace Latchkey.Provider;

/// <summary>The access token of a request to a resource of this server (RFC 6750 §2).</summary>
/// <param name="Scheme">Bearer; the form counts as that.</param>
/// <param name="Text">The token as it came, not verified.</param>
public sealed record BearerToken(string Scheme, string Text)
{
    public const string Bearer = "Bearer";

    /// <summary>
    /// The token of the header Authorization, or of the form of a POST; an empty text when there is none. A query is not looked at.
    /// invalid_request for two tokens.
    /// </summary>
    public static async ValueTask<Result<BearerToken>> Read(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        var form = default(string);
        if (HttpMethods.IsPost(request.Method))
        {
            if ((await OAuthParameters.ReadForm(request)).Failed(out var parameters, out var unreadable))
            {
                return unreadable;
            }

            form = parameters["access_token"];
        }

        // Some clients write two headers as one, with a comma. No token has one.
        if (header.Count + (form is null ? 0 : 1) > 1 || header.ToString().Contains(',', StringComparison.Ordinal))
        {
            return OAuthErrors.InvalidRequest with { Message = "The request has more than one access token." };
        }

        return form is not null ? new BearerToken(Bearer, form) : FromHeader(header.ToString());
    }

    /// <summary>Does not print the token.</summary>
    public override string ToString() => Scheme;

    private static BearerToken FromHeader(string header) =>
        header.Split(' ', 2, StringSplitOptions.TrimEntries) is [var scheme, var text] ? new(scheme, text) : new(Bearer, "");
}
