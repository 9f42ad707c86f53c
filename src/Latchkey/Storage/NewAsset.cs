namespace Latchkey.Storage;

/// <summary>What an app asks for with createAsset, as it came.</summary>
/// <param name="Size">Of the original, in bytes.</param>
/// <param name="Cuts">A JSON list of names and sizes.</param>
/// <param name="ExpirationHours">How long links for reading are valid; null for the application's default.</param>
/// <param name="Extra">A JSON document.</param>
public sealed record NewAsset(
    string Path,
    string ContentType,
    long Size,
    string? Cuts,
    long? ExpirationHours,
    string? Caption,
    string? Extra
);
