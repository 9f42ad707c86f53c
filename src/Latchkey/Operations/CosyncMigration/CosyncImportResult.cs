using Latchkey.Applications;
using Latchkey.Operations.UserTransfer;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>An application that moved in, or would. <paramref name="AppToken"/> is a new one, beside the old.</summary>
public sealed record CosyncImportResult(ApplicationRow Row, ImportSummary Users, string? AppToken);
