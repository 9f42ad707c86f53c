namespace Latchkey.Data;

/// <summary>Where a command looked there is no installation, or one that only a server or <c>latchkey migrate</c> brings up.</summary>
public sealed class InstallationUnavailableException(string message) : Exception(message)
{
    /// <param name="connection">As it was given; a PostgreSQL connection is not repeated, for its password.</param>
    public static InstallationUnavailableException Missing(string connection) =>
        new(
            $"There is no installation {(PostgresDatabase.IsPostgres(connection) ? "in that PostgreSQL database" : $"at {SqliteDatabase.FilePath(connection)}")}. Name the one you mean with --data and --database, or LATCHKEY_DATA and LATCHKEY_DATABASE as the server has them; latchkey serve makes a new one."
        );

    public static InstallationUnavailableException OutdatedSchema(int reached, int newest) =>
        new(
            $"The database has schema version {reached}, and this Latchkey works with {newest}. Make a backup (latchkey backup), "
                + "then start the new server or run latchkey migrate."
        );
}
