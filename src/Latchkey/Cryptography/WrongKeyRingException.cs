namespace Latchkey.Cryptography;

/// <summary>The database's secrets were encrypted by another key ring.</summary>
public sealed class WrongKeyRingException()
    : Exception(
        "The key ring does not belong to this database. Set --data (or LATCHKEY_KEYS) to the folder with the installation's "
            + "*.key files, or restore them from the backup."
    );
