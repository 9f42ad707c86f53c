namespace Latchkey.Storage;

/// <summary>The bucket of an application and the rules for what goes there: a row of the table storage_settings.</summary>
public sealed record StorageSettings
{
    public string AppId { get; init; } = "";

    /// <summary>Off: the functions for files answer 720, and nothing in the bucket changes.</summary>
    public bool Enabled { get; init; }

    /// <summary>The address of the S3 API, without a path, as in <c>https://s3.eu-central-1.amazonaws.com</c>.</summary>
    public string Endpoint { get; init; } = "";

    public string Region { get; init; } = "";

    public string Bucket { get; init; } = "";

    public string KeyId { get; init; } = "";

    /// <summary>The secret of the key, encrypted for <see cref="SecretPurpose"/>.</summary>
    public string SecretSealed { get; init; } = "";

    /// <summary>The bucket stands in the path of an object's address; else in its host name.</summary>
    public bool PathStyle { get; init; }

    /// <summary>What all keys of this application begin with, without a slash at its end.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The largest object, in bytes.</summary>
    public long MaxBytes { get; init; }

    /// <summary>The media types that users may store, as <see cref="ContentTypes"/> reads them; empty for all.</summary>
    public string ContentTypes { get; init; } = "";

    /// <summary>How long links for reading are valid, in hours; 0: unsigned links that never end, for public buckets.</summary>
    public int LinkHours { get; init; }

    /// <summary>The bytes that one user may have; 0 for no limit.</summary>
    public long UserQuota { get; init; }

    /// <summary>The bytes that all users may have together; 0 for no limit.</summary>
    public long AppQuota { get; init; }

    public long UpdatedAt { get; init; }

    /// <summary>The encryption purpose of an application's <see cref="SecretSealed"/>.</summary>
    public static string SecretPurpose(string appId) => $"storage_settings/{appId}";
}
