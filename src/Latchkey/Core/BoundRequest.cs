using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Latchkey.Core;

/// <summary>
/// A request bound from JSON, form or query. The handler runs only when there is no <see cref="Problem"/>, so that every function
/// checks the token first, then the parameters, then the application.
/// </summary>
public sealed record BoundRequest<T>(T? Parsed, Error? Problem, string TypedHandle) : IBoundRequest, IEndpointParameterMetadataProvider
    where T : class, IRequest<T>
{
    private static readonly IReadOnlySet<string> FieldNames = new RequestShape(typeof(T), InQuery: false).Names;

    public T Value => Parsed ?? throw new InvalidOperationException("a request with a problem reached its handler");

    public static async ValueTask<BoundRequest<T>> BindAsync(HttpContext context)
    {
        if ((await Fields.Read(context.Request, FieldNames)).Failed(out var fields, out var unreadable))
        {
            return new(null, unreadable, "");
        }

        var reader = new FieldReader(fields) { IsFromServer = context.Request.Headers.ContainsKey(FieldReader.AppSecretHeader) };
        var request = T.Read(reader);
        var handle = fields["handle"] is { Kind: FieldKind.Text, Text: var text } ? text : "";
        return reader.Problem is { } problem ? new(null, problem, handle) : new(request, null, handle);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        var isGet = builder
            .Metadata.OfType<IHttpMethodMetadata>()
            .Any(m => m.HttpMethods.Contains(HttpMethods.Get, StringComparer.OrdinalIgnoreCase));
        builder.Metadata.Add(new RequestShape(typeof(T), isGet));
    }
}
