using System.Globalization;

namespace Latchkey.Data;

/// <summary>A command found no installation, or one that only a server or <c>latchkey migrate</c> can create or upgrade.</summary>
public sealed class InstallationUnavailableException(string message) : Exception(message)
{
    /// <param name="connection">The connection string; for PostgreSQL it is not quoted, because it may contain a password.</param>
    public static InstallationUnavailableException Missing(string connection) =>
        new(
            "There is no installation "
                + (PostgresDatabase.IsPostgres(connection) ? "in that PostgreSQL database" : $"at {new SqliteFile(connection).Path}")
                + ". "
                + "Choose one with --data and --database, or with the server's LATCHKEY_DATA and LATCHKEY_DATABASE. latchkey serve "
                + "creates a new one."
        );

    public static InstallationUnavailableException OutdatedSchema(int reached, int newest) =>
        new(
            $"The database has schema version {reached}, and this Latchkey needs {newest}. Make a backup (latchkey backup), then "
                + "start the new server or run latchkey migrate."
        );

    /// <param name="table">A missing table.</param>
    /// <param name="count">The number of missing tables.</param>
    public static InstallationUnavailableException Incomplete(string table, int count) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The database is only a part of an installation: it lacks {count} tables of its schema version, such as {table}. "
                    + $"Restore a whole copy of it."
            )
        );

    public static InstallationUnavailableException Empty() =>
        new("The database has the tables of an installation, but no server has set it up yet. There is nothing to back up.");
}
