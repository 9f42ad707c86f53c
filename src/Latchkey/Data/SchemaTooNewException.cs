namespace Latchkey.Data;

/// <summary>A newer Latchkey has migrated the database.</summary>
public sealed class SchemaTooNewException(int found, int known)
    : Exception(
        $"The database has schema version {found}, and this Latchkey supports at most {known}. Start the newer Latchkey, or "
            + "restore the backup from before the upgrade."
    );
