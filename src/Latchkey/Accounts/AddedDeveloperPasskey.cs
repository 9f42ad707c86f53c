namespace Latchkey.Accounts;

/// <summary>A passkey was added to a portal account.</summary>
/// <param name="Codes">Recovery codes to be shown once, if it is the account's first second factor; null otherwise.</param>
public sealed record AddedDeveloperPasskey(RecoveryCodes? Codes);
