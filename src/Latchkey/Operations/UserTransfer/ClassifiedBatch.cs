using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>The rows of a batch, grouped by what is to be done.</summary>
public sealed record ClassifiedBatch
{
    public List<ValidatedRow> ToAdd { get; } = [];

    /// <summary>Rows with the existing users to update.</summary>
    public List<(ValidatedRow Row, User Existing)> ToUpdate { get; } = [];

    public List<RejectedRow> Rejected { get; } = [];

    public long Skipped { get; set; }
}
