namespace Latchkey.Operations.UserTransfer;

/// <summary>A column of a CSV file, or the path of a property in a JSON file.</summary>
/// <param name="Target">The field; null when unknown.</param>
/// <param name="HasBelow">Whether paths below it can have a target.</param>
public sealed record SourceColumn(string Path, FieldTarget? Target, bool HasBelow);
