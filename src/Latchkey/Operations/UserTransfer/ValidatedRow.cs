using Latchkey.Users;
using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>A row that can be a user, or what is wrong with it.</summary>
/// <param name="Row">Where it stands.</param>
/// <param name="User">As it would be added; its seed is not sealed yet.</param>
/// <param name="Problem">A few words, the field first; null for a good row.</param>
public sealed record ValidatedRow(SourceRow Row, User User, string? Problem)
{
    public required RowValues Values { get; init; }

    public HashKind? HashKind { get; init; }

    public byte[]? TotpSeed { get; init; }

    public static ValidatedRow Invalid(SourceRow row, RowValues values, string problem) =>
        new(row, new User(), problem) { Values = values };
}
