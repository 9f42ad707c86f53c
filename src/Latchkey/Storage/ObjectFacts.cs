namespace Latchkey.Storage;

/// <summary>What the bucket says of an object.</summary>
public sealed record ObjectFacts(bool Exists, long Size, string ContentType);
