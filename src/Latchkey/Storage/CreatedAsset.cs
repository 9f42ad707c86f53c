namespace Latchkey.Storage;

/// <summary>The answer of createAsset.</summary>
/// <param name="Id">The asset's id.</param>
/// <param name="ContentType">The Content-Type that each upload must have.</param>
/// <param name="WriteUrl">Where to PUT the original.</param>
/// <param name="Cuts">Where to PUT each cut.</param>
/// <param name="WriteUrlExpiresAt">When these URLs end.</param>
public sealed record CreatedAsset(
    string Id,
    string Path,
    string ContentType,
    long Size,
    string WriteUrl,
    IReadOnlyList<WritableCut> Cuts,
    string WriteUrlExpiresAt
);
