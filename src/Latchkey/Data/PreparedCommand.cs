using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>A command whose statement <see cref="PreparedConnection"/> may keep prepared.</summary>
internal sealed class PreparedCommand(PreparedConnection connection) : DbCommand
{
    private readonly SqliteCommand parameterHolder = new(); // only for its parameters
    private SqliteCommand? rented;

    [AllowNull]
    public override string CommandText { get; set; } = "";

    public override int CommandTimeout { get; set; } = connection.DefaultTimeout;

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("a command stays with its connection");
    }

    protected override DbParameterCollection DbParameterCollection => parameterHolder.Parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel() => rented?.Cancel();

    public override int ExecuteNonQuery() => RentAndBind().ExecuteNonQuery();

    public override object? ExecuteScalar() => RentAndBind().ExecuteScalar();

    public override void Prepare() => RentAndBind().Prepare();

    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => RentAndBind().ExecuteReader(behavior);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Return();
            parameterHolder.Dispose();
        }

        base.Dispose(disposing);
    }

    private SqliteCommand RentAndBind()
    {
        if (rented?.CommandText != CommandText)
        {
            Return();
            rented = connection.Rent(CommandText);
        }

        rented.CommandTimeout = CommandTimeout;
        rented.Parameters.Clear();
        foreach (SqliteParameter parameter in parameterHolder.Parameters)
        {
            rented.Parameters.Add(parameter);
        }

        return rented;
    }

    private void Return()
    {
        if (rented is not null)
        {
            connection.Return(rented);
            rented = null;
        }
    }
}
