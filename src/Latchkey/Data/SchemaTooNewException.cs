namespace Latchkey.Data;

/// <summary>The database was migrated by a newer Latchkey than this one.</summary>
public sealed class SchemaTooNewException(int found, int known)
    : Exception(
        $"The database has schema version {found}, and this Latchkey supports at most {known}. Start the newer Latchkey, or "
            + "restore the backup from before the upgrade."
    );
