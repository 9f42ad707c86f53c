using System.Data;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>
/// Passes an array of texts as one parameter: an array on PostgreSQL, JSON on SQLite. (Dapper's expansion to one parameter per text is
/// quadratic on SQLite, and produces a different statement for each length.)
/// </summary>
public sealed class TextArrayTypeHandler : SqlMapper.TypeHandler<string[]>
{
    public override void SetValue(IDbDataParameter parameter, string[]? value) =>
        parameter.Value = parameter is SqliteParameter ? JsonSerializer.Serialize(value, TextArrayJson.Default.StringArray) : value;

    public override string[] Parse(object value) => throw new NotSupportedException("no column holds an array");
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class TextArrayJson : JsonSerializerContext;
