using Latchkey.Users.Sessions;

namespace Latchkey.Accounts;

/// <summary>Recovery codes in plain text, shown once.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Plain)
{
    /// <summary>The codes in groups of four.</summary>
    public IEnumerable<string> Grouped => Plain.Select(RecoveryCode.Format);
}
