using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>A user with everybody at Apple and Google whom it signs in as.</summary>
/// <param name="User">The user.</param>
/// <param name="Accounts">By provider and subject, so that an export of an import is the same.</param>
public sealed record ExportedUser(User User, IReadOnlyList<ProviderAccount> Accounts)
{
    /// <summary>The account that the user signed up with; null for none.</summary>
    public ProviderAccount? First => Accounts.FirstOrDefault(account => account.Provider == User.LoginProvider);

    /// <summary>The accounts that the user linked.</summary>
    public IEnumerable<ProviderAccount> Linked => Accounts.Where(account => account != First);
}
