namespace Latchkey.Storage;

/// <summary>A cut to upload.</summary>
public sealed record WritableCut(string Name, long Size, string WriteUrl);
