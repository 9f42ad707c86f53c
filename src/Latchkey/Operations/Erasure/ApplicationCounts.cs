namespace Latchkey.Operations.Erasure;

/// <summary>Row counts, exact up to <see cref="ApplicationCountStore.MaxCount"/>.</summary>
public sealed record ApplicationCounts(long Users, long Signups, long Invitations, long Members);
