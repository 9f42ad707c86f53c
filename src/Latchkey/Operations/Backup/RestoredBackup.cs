namespace Latchkey.Operations.Backup;

/// <summary>What was restored.</summary>
/// <param name="Manifest">The backup's manifest.</param>
/// <param name="IsProven">A key of this installation proves who made the backup.</param>
/// <param name="Operators">The e-mail addresses of the operators in it.</param>
public sealed record RestoredBackup(BackupManifest Manifest, bool IsProven, IReadOnlyList<string> Operators);
