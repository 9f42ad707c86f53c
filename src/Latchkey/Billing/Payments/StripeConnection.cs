using System.Net;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Stripe;

namespace Latchkey.Billing.Payments;

/// <summary>
/// Requests to Stripe: each is sent once, without a retry of the library's own that would hide failures, and answered within 30 seconds or
/// given up.
/// </summary>
internal static class StripeConnection
{
    private const string NoAnswer = "Stripe did not answer. Try again in a minute.";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static StripeClient Open(StripeSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        var http = new SystemNetHttpClient(new HttpClient(handler) { Timeout = Timeout }, maxNetworkRetries: 0, enableTelemetry: false);
        return new StripeClient(settings.SecretKey, httpClient: http, apiBase: settings.Url.AbsoluteUri.TrimEnd('/'));
    }

    /// <summary>Asks for something; a failure becomes an error for the person who asked.</summary>
    public static async Task<Result<T>> Ask<T>(Func<Task<Result<T>>> ask)
    {
        try
        {
            return await ask();
        }
        catch (StripeException e)
        {
            return IsUnknown(e) ? Unavailable(CauseOf(e)) : Setting.Invalid($"Stripe refused: {Sentence(e)}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            return Unavailable(e.Message);
        }
    }

    /// <summary>Charges or looks at a charge; a declined card is a result like any other.</summary>
    public static async Task<ChargeResult> Charge(Func<Task<PaymentIntent>> charge)
    {
        try
        {
            return StripePayments.Read(await charge());
        }
        catch (StripeException e) when (e.StripeError is { Type: "card_error" } error)
        {
            return StripePayments.ReadError(error.PaymentIntent?.Id, error);
        }
        catch (StripeException e)
        {
            return IsUnknown(e) || e.HttpStatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? new ChargeResult.Unknown(CauseOf(e))
                : new ChargeResult.Declined(null, $"Stripe refused: {Sentence(e)}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            return new ChargeResult.Unknown(e.Message);
        }
    }

    private static Error Unavailable(string cause) =>
        (Setting.Invalid(NoAnswer) with { HttpStatus = StatusCodes.Status503ServiceUnavailable }).WithCause(cause);

    /// <summary>
    /// Whether it may have been carried out, or may be the next time: an answer that cannot be read, a failure, a limit, a race of two.
    /// </summary>
    private static bool IsUnknown(StripeException e) =>
        (int)e.HttpStatusCode is < 400 or >= 500 || e.HttpStatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict;

    private static string CauseOf(StripeException e) => $"{(int)e.HttpStatusCode} {Sentence(e)}";

    /// <summary>Stripe's words; a key that it refuses is shown there only in part.</summary>
    private static string Sentence(StripeException e) => Strings.Truncate(e.StripeError?.Message ?? e.Message, 300);
}
