using System.Diagnostics.CodeAnalysis;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Latchkey.Core;

namespace Latchkey.Storage;

/// <summary>An application's bucket. Failures of it are error 725 with a <see cref="BucketProblem"/> as cause.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "its connections are shared")]
public sealed class Bucket
{
    /// <summary>The longest that one call takes, with its second try.</summary>
    public static readonly TimeSpan CallTime = TimeSpan.FromSeconds(30);

    private readonly AmazonS3Client client;
    private readonly bool isHttps; // a field of the SDK's enum would load the SDK with this class

    public Bucket(StorageSettings settings, string secret, HttpClient http)
    {
        Settings = settings;
        isHttps = settings.Endpoint.StartsWith("https:", StringComparison.Ordinal);
        client = new AmazonS3Client(
            new BasicAWSCredentials(settings.KeyId, secret),
            new AmazonS3Config
            {
                ServiceURL = settings.Endpoint,
                AuthenticationRegion = settings.Region,
                ForcePathStyle = settings.PathStyle,
                IgnoreConfiguredEndpointUrls = true,
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
                MaxErrorRetry = 1,
                HttpClientFactory = new BucketHttpClientFactory(http),
            }
        );
    }

    public StorageSettings Settings { get; }

    /// <summary>A link to PUT one object. Type and length are signed headers: the bucket takes no other.</summary>
    public string WriteLink(string key, string contentType, long size, TimeSpan lifetime)
    {
        var request = Link(key, HttpVerb.PUT, lifetime);
        request.ContentType = contentType;
        request.Headers.ContentLength = size;
        return client.GetPreSignedURL(request);
    }

    /// <summary>A link to GET one object.</summary>
    public string ReadLink(string key, TimeSpan lifetime) => client.GetPreSignedURL(Link(key, HttpVerb.GET, lifetime));

    /// <summary>The address of an object of a public bucket.</summary>
    public string PublicLink(string key)
    {
        var endpoint = new Uri(Settings.Endpoint);
        return Settings.PathStyle
            ? $"{Settings.Endpoint}/{Settings.Bucket}/{key}"
            : $"{endpoint.Scheme}://{Settings.Bucket}.{endpoint.Authority}/{key}";
    }

    /// <summary>Compares an asset's objects with what was announced.</summary>
    public async Task<Result<UploadCheck>> Inspect(Asset asset, CancellationToken stop)
    {
        foreach (var part in asset.Parts)
        {
            if ((await Head(asset.Key(part.Name), stop)).Failed(out var found, out var unavailable))
            {
                return unavailable;
            }

            if (found is not { Exists: true })
            {
                return new UploadCheck(IsMissing: true, $"{part.Name} is not in the bucket");
            }

            if (found.Size != part.Size || found.ContentType != asset.ContentType)
            {
                return new UploadCheck(IsMissing: false, $"{part.Name} has {found.Size} bytes of {found.ContentType}");
            }
        }

        return new UploadCheck(IsMissing: false, "");
    }

    public Task<Result<ObjectFacts>> Head(string key, CancellationToken stop) =>
        Call(
            BucketAction.Read,
            async deadline =>
            {
                try
                {
                    var found = await client.GetObjectMetadataAsync(Settings.Bucket, key, deadline);
                    var type = found.Headers.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
                    return new ObjectFacts(Exists: true, found.Headers.ContentLength, Strings.Truncate(type, 100));
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
                {
                    return new ObjectFacts(Exists: false, 0, "");
                }
            },
            stop
        );

    /// <summary>Deletes an object; it need not exist.</summary>
    public Task<Result<Done>> Delete(string key, CancellationToken stop) =>
        Call(
            BucketAction.Delete,
            async deadline =>
            {
                try
                {
                    await client.DeleteObjectAsync(Settings.Bucket, key, deadline);
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
                {
                    // S3 answers 204, others 404
                }

                return default(Done);
            },
            stop
        );

    /// <summary>A page of the objects under the application's prefix.</summary>
    /// <param name="after">The <see cref="ObjectList.Next"/> of the page before; null for the first.</param>
    public Task<Result<ObjectList>> List(string? after, CancellationToken stop) =>
        Call(
            BucketAction.List,
            async deadline =>
            {
                var found = await client.ListObjectsV2Async(
                    new ListObjectsV2Request
                    {
                        BucketName = Settings.Bucket,
                        Prefix = $"{Settings.Prefix}/",
                        ContinuationToken = after,
                    },
                    deadline
                );
                return new ObjectList(
                    [.. (found.S3Objects ?? []).Select(one => new StoredObject(one.Key ?? "", one.Size ?? 0))],
                    found.IsTruncated == true ? found.NextContinuationToken : null
                );
            },
            stop
        );

    private GetPreSignedUrlRequest Link(string key, HttpVerb verb, TimeSpan lifetime) =>
        new()
        {
            BucketName = Settings.Bucket,
            Key = key,
            Verb = verb,
            Protocol = isHttps ? Protocol.HTTPS : Protocol.HTTP,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime + lifetime, // the SDK signs by the machine's clock
        };

    private async Task<Result<T>> Call<T>(BucketAction action, Func<CancellationToken, Task<T>> call, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(CallTime);
        try
        {
            return await call(deadline.Token);
        }
        catch (Exception e) when (BucketProblem.Explain(e, action, Settings, stop) is { } problem)
        {
            return ErrorCodes.StorageUnavailable.WithCause(problem);
        }
    }
}
