using System.Globalization;
using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Provider;

/// <summary>The answers of the provider's endpoints for programs. None may be stored by a cache.</summary>
public static class OAuthResults
{
    public static IResult Json(Action<Utf8JsonWriter> members, int status = StatusCodes.Status200OK)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return new Answer(buffer.ToArray(), status);
    }

    /// <summary>An error in the form of RFC 6749 §5.2; one of the API's own where the address leads to no application.</summary>
    public static IResult From(Error error) => error.OAuthCode is null ? ApiResults.From(error) : new Refusal(error);

    /// <summary>The error of an answer; null for a success.</summary>
    public static Error? ErrorOf(object? answer) => (answer as Refusal)?.Error;

    /// <summary>When to come back to an application that is switched off or whose database is away; null for other errors.</summary>
    public static TimeSpan? PauseOf(Error error) =>
        error.HttpStatus == StatusCodes.Status503ServiceUnavailable ? TimeSpan.FromMinutes(1) : null;

    /// <summary>The only characters of error_description (RFC 6749 §5.2).</summary>
    public static string Describe(Error error) => string.Concat(error.Message.Where(c => c is >= ' ' and <= '~' and not '"' and not '\\'));

    private sealed class Refusal(Error error) : IResult
    {
        public Error Error { get; } = error;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            if ((Error.RetryAfter ?? PauseOf(Error)) is { } wait)
            {
                headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            return Json(
                    json =>
                    {
                        json.WriteString("error"u8, Error.OAuthCode);
                        json.WriteString("error_description"u8, Describe(Error));
                    },
                    Error.HttpStatus
                )
                .ExecuteAsync(httpContext);
        }
    }

    private sealed class Answer(byte[] body, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = ApiResults.JsonContentType;
            response.ContentLength = body.Length;
            response.Headers.CacheControl = "no-store";
            response.Headers.Pragma = "no-cache";
            return response.Body.WriteAsync(body).AsTask();
        }
    }
}
