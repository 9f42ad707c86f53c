using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Latchkey.Core;

/// <summary>
/// A request bound from JSON, form or query. The handler runs only when there is no <see cref="Problem"/>, so that every function
/// checks the token first, then the parameters, then the application.
/// </summary>
public sealed record BoundRequest<T>(T? Parsed, Error? Problem, string? Handle) : IBoundRequest, IEndpointParameterMetadataProvider
    where T : class, IRequest<T>
{
    private const int MaxLoggedHandleLength = 254;
    private static readonly IReadOnlySet<string> FieldNames = new RequestShape(typeof(T), InQuery: false).Names;

    public T Value => Parsed ?? throw new InvalidOperationException("a request with a problem reached its handler");

    public static async ValueTask<BoundRequest<T>> BindAsync(HttpContext context)
    {
        if ((await Fields.Read(context.Request, FieldNames)).Failed(out var fields, out var unreadable))
        {
            return new(null, unreadable, null);
        }

        var reader = new FieldReader(fields) { IsFromServer = context.Request.Headers.ContainsKey(FieldReader.AppSecretHeader) };
        var request = T.Read(reader);
        var handle = fields["handle"] is { Kind: FieldKind.Text, Text: var text } ? LoggedHandle(text) : null;
        return reader.Problem is { } problem ? new(null, problem, handle) : new(request, null, handle);
    }

    /// <summary>Anonymous handles keep their case; others are normalised.</summary>
    private static string LoggedHandle(string text)
    {
        var handle = Core.Handle.FromStored(text.Trim()).IsAnonymous ? text.Trim() : Core.Handle.Normalise(text);
        return Strings.Truncate(handle, MaxLoggedHandleLength);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        var isGet = builder
            .Metadata.OfType<IHttpMethodMetadata>()
            .Any(m => m.HttpMethods.Contains(HttpMethods.Get, StringComparer.OrdinalIgnoreCase));
        builder.Metadata.Add(new RequestShape(typeof(T), isGet));
    }
}
