namespace Latchkey.Operations.UserTransfer;

/// <summary>What happens to a row whose handle the application has.</summary>
public enum OnConflict
{
    /// <summary>The user stays as it is.</summary>
    Skip,

    /// <summary>The row is bad.</summary>
    Fail,

    /// <summary>The user takes over what the row says.</summary>
    Update,
}
