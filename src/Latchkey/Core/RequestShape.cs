using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace Latchkey.Core;

/// <summary>The parameters of a request type: for the OpenAPI document of a route, and for forms that hold raw values.</summary>
/// <param name="Type">The request type; its constructor has one parameter a field, named like the field.</param>
/// <param name="InQuery">The fields come in the query.</param>
public sealed record RequestShape(Type Type, bool InQuery)
{
    public IReadOnlyList<ParameterInfo> Parameters { get; } = Type.GetConstructors()[0].GetParameters();

    /// <summary>The fields' names, as clients write them.</summary>
    public IReadOnlySet<string> Names => Parameters.Select(NameOf).ToFrozenSet(StringComparer.Ordinal);

    public static string NameOf(ParameterInfo parameter) => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name ?? "");
}
