namespace Latchkey.Storage;

/// <summary>A cut to show.</summary>
public sealed record ReadableCut(string Name, long Size, string Url);
