using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>What the first reading found.</summary>
/// <param name="Existing">Users that the application has.</param>
public sealed record ImportPlan(ImportSummary Summary, long Existing, HashKind Slowest);
