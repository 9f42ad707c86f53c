using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Rows of one batch, told apart by what is to be done with them.</summary>
public sealed record ClassifiedBatch
{
    public List<ValidatedRow> ToAdd { get; } = [];

    /// <summary>Rows with the users that are to take them over.</summary>
    public List<(ValidatedRow Row, User Existing)> ToUpdate { get; } = [];

    public List<RejectedRow> Rejected { get; } = [];

    public long Skipped { get; set; }
}
