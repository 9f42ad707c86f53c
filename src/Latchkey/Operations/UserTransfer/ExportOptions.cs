using Latchkey.Activity.Audit;

namespace Latchkey.Operations.UserTransfer;

/// <summary>What an export holds beside what everyone may see.</summary>
public sealed record ExportOptions(Actor Actor, bool WithHashes, bool WithSecrets)
{
    public IReadOnlyList<UserField> Fields { get; } =
    [
        .. Enum.GetValues<UserField>()
            .Where(field => (WithHashes || !UserFields.IsHash(field)) && (WithSecrets || !UserFields.IsSecret(field))),
    ];
}
