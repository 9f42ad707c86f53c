using Latchkey.Users;
using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>A row that was converted to a user, or its problem.</summary>
/// <param name="Row">The source row.</param>
/// <param name="User">The user to add; its TOTP seed is not encrypted yet.</param>
/// <param name="Problem">A few words, the field first; null for a valid row.</param>
public sealed record ValidatedRow(SourceRow Row, User User, string? Problem)
{
    public required RowValues Values { get; init; }

    /// <summary>Everybody at Apple and Google whom the user signs in as.</summary>
    public IReadOnlyList<ProviderAccount> Accounts { get; init; } = [];

    public HashKind? HashKind { get; init; }

    public byte[]? TotpSeed { get; init; }

    public static ValidatedRow Invalid(SourceRow row, RowValues values, string problem) =>
        new(row, new User(), problem) { Values = values };
}
