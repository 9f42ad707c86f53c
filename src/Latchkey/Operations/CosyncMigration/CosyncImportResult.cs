using Latchkey.Applications;
using Latchkey.Operations.UserTransfer;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>An imported application, or one that would be. <paramref name="AppToken"/> is new; the old one stays valid.</summary>
public sealed record CosyncImportResult(ApplicationRow Row, ImportSummary Users, string? AppToken);
