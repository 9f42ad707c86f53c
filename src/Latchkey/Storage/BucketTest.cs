using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Storage;

/// <summary>
/// Tries an application's bucket as apps use it: an object is written by a signed link, read back by another, and deleted. Then the
/// bucket is asked whether a web app may do the same (CORS).
/// </summary>
public sealed partial class BucketTest(
    Database database,
    StorageSettingsStore settings,
    Buckets buckets,
    StorageHttp http,
    RateLimits limits,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Type = "text/plain";
    private static readonly TimeSpan LinkTime = TimeSpan.FromMinutes(5);

    /// <summary>The steps that were tried, in their order; the first that fails ends the test, but the object is always deleted.</summary>
    /// <param name="origin">The origin of a web app; empty to leave CORS out.</param>
    public async Task<Result<IReadOnlyList<BucketTestStep>>> Run(string appId, string origin, Actor actor, CancellationToken stop)
    {
        if (await limits.TryAcquire("portal", new RateLimitRequest(DefaultLimits.BucketTests, actor.Name)) is { } tooMany)
        {
            return tooMany with { Message = "Too many tests. Please wait a few minutes." };
        }

        if (await database.Read(db => settings.Find(db, appId)) is not { } found)
        {
            return ErrorCodes.StorageDisabled with { Message = "This application has no bucket. Save its settings first." };
        }

        var steps = new List<BucketTestStep>();
        await Try(buckets.Open(found), origin, steps, stop);
        var failed = steps.Find(step => step.Problem is not null);
        var entry = new AuditEntry(appId, "testStorage", "", actor)
        {
            Code = failed is null ? 0 : ErrorCodes.StorageUnavailable.Code,
            Detail = failed is null ? found.Bucket : $"{found.Bucket}, {failed.Name}: {failed.Problem}",
        };
        await database.Write(db => audit.Add(db, entry));
        return steps.ToArray();
    }

    private async Task Try(Bucket bucket, string origin, List<BucketTestStep> steps, CancellationToken stop)
    {
        var key = $"{bucket.Settings.Prefix}/latchkey-test/{Ids.New(clock)}";
        var content = Encoding.ASCII.GetBytes($"test {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        string? write;
        string? read;
        string? delete;
        try
        {
            write = await Write(bucket, key, content, stop);
            read = write ?? await Read(bucket, key, content, stop);
        }
        finally
        {
            // Also when the caller went away, or an answer got lost: the object may be there. A call has a time limit of its own.
            delete = await Delete(bucket, key, CancellationToken.None);
        }

        steps.Add(new("Write", write));
        if (write is not null)
        {
            return;
        }

        steps.Add(new("Read", read));
        steps.Add(new("Delete", delete));
        if (read is null && origin.Length > 0)
        {
            steps.Add(new("CORS", await Preflight(bucket, key, origin, stop)));
        }
    }

    private async Task<string?> Write(Bucket bucket, string key, byte[] content, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, bucket.WriteLink(key, Type, content.Length, LinkTime));
        request.Content = new ByteArrayContent(content);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Type);
        return await Send(bucket, BucketAction.Write, request, _ => Task.FromResult<string?>(null), stop);
    }

    private async Task<string?> Read(Bucket bucket, string key, byte[] content, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, bucket.ReadLink(key, LinkTime));
        var problem = await Send(
            bucket,
            BucketAction.Read,
            request,
            async response =>
                (await response.Content.ReadAsByteArrayAsync(stop)).AsSpan().SequenceEqual(content)
                    ? null
                    : "The bucket gave back something else than was written. Is the endpoint an S3 API?",
            stop
        );
        if (problem is not null)
        {
            return problem;
        }

        var (known, unavailable) = await bucket.Head(key, stop);
        return unavailable is not null ? unavailable.Cause
            : known is { ContentType: Type } && known.Size == content.Length ? null
            : "The bucket does not say the size and type of an object. Is the endpoint an S3 API?";
    }

    /// <summary>Also asks for the object afterwards: a key that may not list gets "forbidden" for what does not exist.</summary>
    private static async Task<string?> Delete(Bucket bucket, string key, CancellationToken stop)
    {
        if ((await bucket.Delete(key, stop)).Error is { } failed)
        {
            return failed.Cause;
        }

        var (found, forbidden) = await bucket.Head(key, stop);
        return forbidden is not null ? "The bucket does not tell this key that an object is gone. Give it the permission s3:ListBucket."
            : found is { Exists: true } ? "The object is still there after it was deleted."
            : null;
    }

    private async Task<string?> Preflight(Bucket bucket, string key, string origin, CancellationToken stop)
    {
        var refused = $"The bucket's CORS rules do not allow PUT with Content-Type from {origin}. Web apps there cannot upload.";
        using var request = new HttpRequestMessage(HttpMethod.Options, bucket.WriteLink(key, Type, 1, LinkTime));
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "PUT");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "content-type");
        try
        {
            using var response = await http.Client.SendAsync(request, stop);
            return
                response.IsSuccessStatusCode
                && response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed)
                && allowed.Any(one => one == "*" || one == origin)
                ? null
                : refused;
        }
        catch (Exception e) when (BucketProblem.Explain(e, BucketAction.Write, bucket.Settings, stop) is { } problem)
        {
            return problem;
        }
    }

    private async Task<string?> Send(
        Bucket bucket,
        BucketAction action,
        HttpRequestMessage request,
        Func<HttpResponseMessage, Task<string?>> judge,
        CancellationToken stop
    )
    {
        try
        {
            using var response = await http.Client.SendAsync(request, stop);
            if (response.IsSuccessStatusCode)
            {
                return await judge(response);
            }

            var code = ErrorCode().Match(await response.Content.ReadAsStringAsync(stop)).Groups["code"].Value;
            return BucketProblem.Explain(response.StatusCode, code, action, bucket.Settings);
        }
        catch (Exception e) when (BucketProblem.Explain(e, action, bucket.Settings, stop) is { } problem)
        {
            return problem;
        }
    }

    /// <summary>https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html</summary>
    [GeneratedRegex("<Code>(?<code>[A-Za-z]{1,60})</Code>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ErrorCode();
}
