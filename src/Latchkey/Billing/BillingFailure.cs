namespace Latchkey.Billing;

/// <summary>What a run of billing could not do. The next run tries it again.</summary>
/// <param name="Work">In a few words, with the id of the account, invoice or application.</param>
public sealed record BillingFailure(string Work, Exception Reason);
