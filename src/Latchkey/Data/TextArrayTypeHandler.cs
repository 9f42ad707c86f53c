using System.Data;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>
/// An array of texts as one parameter: PostgreSQL has arrays, SQLite reads JSON. (A parameter for each text, which is what Dapper would
/// write, takes the square of their number on SQLite, and another statement for each number.)
/// </summary>
public sealed class TextArrayTypeHandler : SqlMapper.TypeHandler<string[]>
{
    public override void SetValue(IDbDataParameter parameter, string[]? value) =>
        parameter.Value = parameter is SqliteParameter ? JsonSerializer.Serialize(value, TextArrayJson.Default.StringArray) : value;

    public override string[] Parse(object value) => throw new NotSupportedException("no column holds an array");
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class TextArrayJson : JsonSerializerContext;
