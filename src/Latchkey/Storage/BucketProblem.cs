using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Latchkey.Messages.Providers;

namespace Latchkey.Storage;

/// <summary>
/// What is wrong with a bucket, in a sentence for its developer. Only known codes of S3 are shown, never an answer's text: the host may be
/// anything.
/// </summary>
public static class BucketProblem
{
    /// <summary>
    /// Null for the caller's own stop, and when memory is out. Whatever else an answer makes the SDK throw is the bucket's failure.
    /// </summary>
    public static string? Explain(Exception exception, BucketAction action, StorageSettings settings, CancellationToken stop) =>
        exception switch
        {
            OperationCanceledException when stop.IsCancellationRequested => null,
            OutOfMemoryException => null,
            _ when Find<AddressNotAllowedException>(exception) is { } refused => $"{refused.Message}.",
            AmazonServiceException answer when (int)answer.StatusCode > 0 => Explain(
                answer.StatusCode,
                answer.ErrorCode ?? "",
                action,
                settings
            ),
            _ when Find<AuthenticationException>(exception) is not null =>
                $"{Host(settings)} has no valid certificate. Check the endpoint.",
            _ when Find<SocketException>(exception) is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } =>
                $"There is no host named {Host(settings)}. Check the endpoint.",
            OperationCanceledException or TimeoutException => $"{Host(settings)} does not answer in time. Check the endpoint.",
            HttpRequestException or SocketException or IOException => NoAnswer(settings),
            AmazonServiceException or AmazonClientException => NoAnswer(settings),
            _ => $"The answer of {Host(settings)} cannot be read ({exception.GetType().Name}). Is the endpoint an S3 API?",
        };

    /// <summary>The meaning of an answer that refuses something.</summary>
    public static string Explain(HttpStatusCode status, string code, BucketAction action, StorageSettings settings) =>
        (code, status) switch
        {
            ("NoSuchBucket", _) =>
                $"There is no bucket named {settings.Bucket} at {Host(settings)}. Check the bucket, the region and the path style.",
            ("InvalidAccessKeyId", _) => "The storage does not know this key id. Check the key id.",
            ("SignatureDoesNotMatch", _) => "The secret does not belong to this key id. Enter the secret again.",
            ("RequestTimeTooSkewed", _) => "The clock of this server differs from the storage's by more than 15 minutes.",
            ("AuthorizationHeaderMalformed" or "PermanentRedirect" or "TemporaryRedirect" or "IllegalLocationConstraintException", _)
            or (_, HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect) =>
                "The bucket is in another region, or at another endpoint. Check the region and the endpoint.",
            ("NotImplemented" or "MethodNotAllowed", _) => "The storage does not support this. Is the endpoint an S3 API?",
            (_, HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized) =>
                $"The bucket does not allow this key to {Verb(action)}. Give it the permission {Permission(action)}.",
            _ => $"The storage answered {(int)status}. Check the endpoint, the bucket and the path style.",
        };

    private static string NoAnswer(StorageSettings settings) => $"{Host(settings)} does not answer. Check the endpoint.";

    private static string Host(StorageSettings settings) => new Uri(settings.Endpoint).Authority;

    private static string Verb(BucketAction action) =>
        action switch
        {
            BucketAction.Write => "write objects",
            BucketAction.Read => "read objects",
            BucketAction.Delete => "delete objects",
            _ => "list objects",
        };

    private static string Permission(BucketAction action) =>
        action switch
        {
            BucketAction.Write => "s3:PutObject",
            BucketAction.Read => "s3:GetObject",
            BucketAction.Delete => "s3:DeleteObject",
            _ => "s3:ListBucket",
        };

    private static T? Find<T>(Exception exception)
        where T : Exception
    {
        for (var one = exception; one is not null; one = one.InnerException)
        {
            if (one is T found)
            {
                return found;
            }
        }

        return null;
    }
}
