using Latchkey.Activity.Audit;

namespace Latchkey.Operations.UserTransfer;

/// <summary>The sensitive data to include in an export.</summary>
public sealed record ExportOptions(Actor Actor, bool WithHashes, bool WithSecrets)
{
    public IReadOnlyList<UserField> Fields { get; } =
    [
        .. Enum.GetValues<UserField>()
            .Where(field => (WithHashes || !UserFields.IsHash(field)) && (WithSecrets || !UserFields.IsSecret(field))),
    ];
}
