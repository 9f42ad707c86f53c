using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>Text and parameters for a statement that its <see cref="PreparedConnection"/> may hold prepared.</summary>
internal sealed class PreparedCommand(PreparedConnection connection) : DbCommand
{
    private readonly SqliteCommand draft = new(); // only its parameters are used
    private SqliteCommand? lent;

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

    protected override DbParameterCollection DbParameterCollection => draft.Parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel() => lent?.Cancel();

    public override int ExecuteNonQuery() => Ready().ExecuteNonQuery();

    public override object? ExecuteScalar() => Ready().ExecuteScalar();

    public override void Prepare() => Ready().Prepare();

    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Ready().ExecuteReader(behavior);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
            draft.Dispose();
        }

        base.Dispose(disposing);
    }

    private SqliteCommand Ready()
    {
        if (lent?.CommandText != CommandText)
        {
            GiveBack();
            lent = connection.Lend(CommandText);
        }

        lent.CommandTimeout = CommandTimeout;
        lent.Parameters.Clear();
        foreach (SqliteParameter parameter in draft.Parameters)
        {
            lent.Parameters.Add(parameter);
        }

        return lent;
    }

    private void GiveBack()
    {
        if (lent is not null)
        {
            connection.TakeBack(lent);
            lent = null;
        }
    }
}
