namespace Latchkey.Data;

/// <summary>A SELECT of one row with the parameters <c>$1</c>, <c>$2</c> and so on, for <see cref="RowReading"/>.</summary>
/// <param name="Sql">The statement, the same on both engines.</param>
/// <param name="Read">Reads the row by the places of its columns.</param>
/// <param name="Parameters">Their values.</param>
public sealed record RowQuery<T>(string Sql, Func<IRow, T> Read, params string[] Parameters)
    where T : class
{
    /// <summary>The same query, whose row is read as something else.</summary>
    public RowQuery<TOther> As<TOther>(Func<T, TOther> convert)
        where TOther : class => new(Sql, row => convert(Read(row)), Parameters);
}
