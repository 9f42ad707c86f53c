namespace Latchkey.Applications;

/// <summary>A mark on an application's row while data is being deleted, from start to end.</summary>
public static class DeletionState
{
    /// <summary>All its users are being deleted; until then it refuses users.</summary>
    public const string Reset = "reset";

    /// <summary>It is being deleted, and already hidden from everyone.</summary>
    public const string Delete = "delete";
}
