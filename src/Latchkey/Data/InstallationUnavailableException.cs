namespace Latchkey.Data;

/// <summary>Where a command looked there is no installation, or one that only a server or <c>latchkey migrate</c> brings up.</summary>
public sealed class InstallationUnavailableException(string message) : Exception(message)
{
    /// <param name="connection">As it was given; a PostgreSQL connection is not repeated, for its password.</param>
    public static InstallationUnavailableException Missing(string connection) =>
        new(
            "There is no installation "
                + (PostgresDatabase.IsPostgres(connection) ? "in that PostgreSQL database" : $"at {SqliteDatabase.FilePath(connection)}")
                + ". "
                + "Choose one with --data and --database, or with the server's LATCHKEY_DATA and LATCHKEY_DATABASE. latchkey serve "
                + "creates a new one."
        );

    public static InstallationUnavailableException OutdatedSchema(int reached, int newest) =>
        new(
            $"The database has schema version {reached}, and this Latchkey needs {newest}. Make a backup (latchkey backup), then "
                + "start the new server or run latchkey migrate."
        );
}
