using Latchkey.Core;

namespace Latchkey.Applications.Realm;

/// <summary>The actions of a run, one per line, and the error that stopped it (null for a completed run).</summary>
public sealed record RealmRunResult(IReadOnlyList<string> Lines, Error? Error);
