namespace Latchkey.Applications;

/// <summary>What may be going on behind an application: a mark on its row that holds from the first moment to the last.</summary>
public static class DeletionState
{
    /// <summary>All its users are being deleted; until they are gone it serves none.</summary>
    public const string Reset = "reset";

    /// <summary>It is being deleted, and is gone for everyone already.</summary>
    public const string Delete = "delete";
}
