namespace Latchkey.Storage;

/// <summary>What was asked of a bucket.</summary>
public enum BucketAction
{
    Write,
    Read,
    Delete,
    List,
}
