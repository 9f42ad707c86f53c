using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>The result of the first pass.</summary>
/// <param name="Existing">The number of users in the application.</param>
public sealed record ImportPlan(ImportSummary Summary, long Existing, HashKind Slowest);
