using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Latchkey.Core;

/// <summary>The response formats of the API: <c>true</c>, an object, or an error code with a message.</summary>
public static class ApiResults
{
    public const string JsonContentType = "application/json; charset=utf-8";

    public static IResult True { get; } = new RawJsonResult("true"u8.ToArray());

    public static IResult RawJson(ReadOnlyMemory<byte> json) => new RawJsonResult(json);

    public static IResult Json<T>(T value, JsonTypeInfo<T> shape) => new RawJsonResult(JsonSerializer.SerializeToUtf8Bytes(value, shape));

    /// <summary>The error of a response; null for a success.</summary>
    public static Error? ErrorOf(object? answer) => (answer as ErrorResult)?.Error;

    public static IResult From(Error error) => new ErrorResult(error);

    public static IResult From(Result<Done> result) => result.Error is { } error ? From(error) : True;

    public static IResult From<T>(Result<T> result, JsonTypeInfo<T> shape) =>
        result.Succeeded ? Json(result.Value, shape) : From(result.Error);

    /// <summary>
    /// Writes an error outside handlers: middleware, unknown routes, malformed requests. In the form of the route, if it has one.
    /// </summary>
    public static Task WriteError(HttpContext context, Error error) =>
        (context.GetEndpoint()?.Metadata.GetMetadata<ErrorForm>()?.Create(context, error) ?? From(error)).ExecuteAsync(context);

    private sealed class RawJsonResult(ReadOnlyMemory<byte> body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = JsonContentType;
            response.ContentLength = body.Length;
            return response.Body.WriteAsync(body).AsTask();
        }
    }

    private sealed class ErrorResult(Error error) : IResult
    {
        public Error Error { get; } = error;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = Error.HttpStatus;
            response.Headers.CacheControl = "no-store"; // also after a handler that allowed caching
            if (Error.RetryAfter is { } wait)
            {
                response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            if (httpContext.FindErrorPage(Error) is { } page)
            {
                return page.ExecuteAsync(httpContext);
            }

            var body = JsonSerializer.SerializeToUtf8Bytes(new ErrorBody(Error.Code, Error.Message), ContractJson.Default.ErrorBody);
            response.ContentType = JsonContentType;
            response.ContentLength = body.Length;
            return response.Body.WriteAsync(body).AsTask();
        }
    }
}
