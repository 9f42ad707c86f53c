namespace Latchkey.Storage;

/// <summary>An object in a bucket, and its size in bytes.</summary>
public sealed record StoredObject(string Key, long Size);
