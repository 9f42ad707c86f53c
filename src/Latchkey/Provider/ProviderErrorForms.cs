using Latchkey.Core;
using Latchkey.Provider.Pages;

namespace Latchkey.Provider;

/// <summary>
/// How routes of the provider answer what no handler answered: a body that is too large, a database that is away, a fault of this server.
/// </summary>
public static class ProviderErrorForms
{
    /// <summary>For programs: <c>error</c> and <c>error_description</c> (RFC 6749 §5.2), with Retry-After (RFC 7009 §2.2.1).</summary>
    public static ErrorForm OAuth { get; } = new((_, error) => OAuthResults.From(Translate(error)));

    /// <summary>For browsers.</summary>
    public static ErrorForm Page { get; } =
        new(
            (context, error) =>
            {
                ProviderPages.SetHeaders(context);
                return ProviderPages.Error(context, Translate(error));
            }
        );

    private static Error Translate(Error error) =>
        error.HttpStatus switch
        {
            StatusCodes.Status503ServiceUnavailable => OAuthErrors.TemporarilyUnavailable with { RetryAfter = error.RetryAfter },
            >= 500 => OAuthErrors.ServerError,
            StatusCodes.Status413PayloadTooLarge => OAuthErrors.InvalidRequest with
            {
                Message = "The body is too large.",
                HttpStatus = error.HttpStatus,
            },
            _ => OAuthErrors.InvalidRequest with { HttpStatus = error.HttpStatus },
        };
}
