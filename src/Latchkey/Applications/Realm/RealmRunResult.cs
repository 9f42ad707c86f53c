using Latchkey.Core;

namespace Latchkey.Applications.Realm;

/// <summary>What a run did before it ended, a line each, and why it stopped before its end (null: it did not).</summary>
public sealed record RealmRunResult(IReadOnlyList<string> Lines, Error? Error);
