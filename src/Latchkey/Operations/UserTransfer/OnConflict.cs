namespace Latchkey.Operations.UserTransfer;

/// <summary>What to do with a row whose handle exists in the application.</summary>
public enum OnConflict
{
    /// <summary>Keep the existing user.</summary>
    Skip,

    /// <summary>Treat the row as invalid.</summary>
    Fail,

    /// <summary>Update the existing user from the row.</summary>
    Update,
}
