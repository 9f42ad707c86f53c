namespace Latchkey.Users.Batches;

/// <summary>A user whom a batch did not change.</summary>
/// <param name="UserId">The user, who may be gone.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record BatchFailure(string UserId, string Reason);
