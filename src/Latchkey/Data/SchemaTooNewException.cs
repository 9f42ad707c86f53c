namespace Latchkey.Data;

/// <summary>The database was migrated by a newer Latchkey than this one.</summary>
public sealed class SchemaTooNewException(int found, int known)
    : Exception(
        $"The database has schema version {found}, and this Latchkey knows {known} at most. Start the newer Latchkey, or restore "
            + "the backup made before the upgrade."
    );
