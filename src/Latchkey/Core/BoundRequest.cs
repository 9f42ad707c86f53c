using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Latchkey.Core;

/// <summary>A request type reads itself from the parameters, naming each with the kind it must have.</summary>
public interface IRequest<TSelf>
    where TSelf : IRequest<TSelf>
{
    static abstract TSelf Read(FieldReader fields);
}

/// <summary>What <see cref="ParameterFilter"/> asks of a bound request before the handler runs.</summary>
public interface IBoundRequest
{
    Error? Problem { get; }

    /// <summary>Whom the request is about, for the log: its parameter handle, normalised; null when it has none.</summary>
    string? Handle { get; }
}

/// <summary>
/// A handler's request, bound from JSON, form or query. A handler runs only when there is no <see cref="Problem"/>, so that
/// parameters are judged after the token and before the application, in every function alike.
/// </summary>
public sealed record BoundRequest<T>(T? Parsed, Error? Problem, string? Handle) : IBoundRequest, IEndpointParameterMetadataProvider
    where T : class, IRequest<T>
{
    private const int MaxLoggedHandleLength = 254;

    public T Value => Parsed ?? throw new InvalidOperationException("a request with a problem reached its handler");

    public static async ValueTask<BoundRequest<T>> BindAsync(HttpContext context)
    {
        var (fields, unreadable) = await Fields.Read(context.Request);
        if (unreadable is not null)
        {
            return new(null, unreadable, null);
        }

        var reader = new FieldReader(fields!) { IsFromServer = context.Request.Headers.ContainsKey(FieldReader.AppSecretHeader) };
        var request = T.Read(reader);
        var handle = fields!["handle"] is { Kind: FieldKind.Text, Text: var text } ? LoggedHandle(text) : null;
        return reader.Problem is { } problem ? new(null, problem, handle) : new(request, null, handle);
    }

    /// <summary>Anonymous handles keep their case; all others are as they are stored.</summary>
    private static string LoggedHandle(string text)
    {
        var handle = Core.Handle.FromStored(text.Trim()).IsAnonymous ? text.Trim() : Core.Handle.Normalise(text);
        return Strings.Truncate(handle, MaxLoggedHandleLength);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        var isGet = builder.Metadata.OfType<IHttpMethodMetadata>().Any(m => m.HttpMethods.Contains(HttpMethods.Get, StringComparer.OrdinalIgnoreCase));
        builder.Metadata.Add(new RequestShape(typeof(T), isGet));
    }
}

/// <summary>Tells the OpenAPI document which type a route reads, and whether from the query.</summary>
public sealed record RequestShape(Type Type, bool InQuery);

/// <summary>Reads parameters one by one and remembers the first problem: missing ones (403) before wrong ones (602).</summary>
public sealed class FieldReader(Fields fields)
{
    private Error? missing;
    private Error? wrong;

    public Error? Problem => missing ?? wrong;

    /// <summary>The header of the App Secret.</summary>
    public const string AppSecretHeader = "app-secret";

    /// <summary>The request carries an App Secret, for which some parameters are optional.</summary>
    public bool IsFromServer { get; init; }

    /// <summary>A text that must be there and not be empty.</summary>
    public string Required(string name)
    {
        var field = fields[name];
        if (field.Kind == FieldKind.Absent || (field.Kind == FieldKind.Text && field.Text.Length == 0))
        {
            missing ??= ErrorCodes.MissingParameter.WithCause(name);
            return "";
        }

        return Text(name, field) ?? "";
    }

    /// <summary>A text, or null when it is absent or empty.</summary>
    public string? Optional(string name)
    {
        var field = fields[name];
        return field.Kind == FieldKind.Absent || field.Text.Length == 0 && field.Kind == FieldKind.Text ? null : Text(name, field);
    }

    /// <summary>A code: text, or a number that is left-padded to six digits.</summary>
    public string RequiredCode(string name)
    {
        var field = fields[name];
        return field.Kind == FieldKind.Number ? ParseCodeDigits(name, field.Text) : Required(name).Trim();
    }

    /// <summary>A switch: a JSON boolean, 0 or 1, or one of these as text. Null when absent.</summary>
    public bool? OptionalFlag(string name)
    {
        var field = fields[name];
        switch (field.Kind, field.Text.ToLowerInvariant())
        {
            case (FieldKind.Absent, _) or (FieldKind.Text, ""):
                return null;
            case (FieldKind.Boolean or FieldKind.Text, "true") or (FieldKind.Number or FieldKind.Text, "1"):
                return true;
            case (FieldKind.Boolean or FieldKind.Text, "false") or (FieldKind.Number or FieldKind.Text, "0"):
                return false;
            default:
                AddWrongType(name);
                return null;
        }
    }

    /// <summary>As <see cref="OptionalFlag"/>, but 403 when absent.</summary>
    public bool RequiredFlag(string name)
    {
        if (fields[name] is { Kind: FieldKind.Absent } or { Kind: FieldKind.Text, Text: "" })
        {
            missing ??= ErrorCodes.MissingParameter.WithCause(name);
        }

        return OptionalFlag(name) ?? false;
    }

    private string? Text(string name, Field field)
    {
        if (field.Kind == FieldKind.Text)
        {
            return field.Text;
        }

        AddWrongType(name);
        return null;
    }

    private string ParseCodeDigits(string name, string digits)
    {
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 999_999)
        {
            return number.ToString("D6", CultureInfo.InvariantCulture);
        }

        AddWrongType(name);
        return "";
    }

    private void AddWrongType(string name) => wrong ??= ErrorCodes.InvalidData.WithCause($"{name} has the wrong type");
}
