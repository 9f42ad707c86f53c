namespace Latchkey.Storage;

/// <summary>How an upload compares with what was announced.</summary>
/// <param name="IsMissing">An object is not there, or not yet.</param>
/// <param name="Cause">What differs; empty for nothing.</param>
public sealed record UploadCheck(bool IsMissing, string Cause);
