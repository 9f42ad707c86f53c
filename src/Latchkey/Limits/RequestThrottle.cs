using System.Collections.Concurrent;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Limits;

/// <summary>
/// Limits the calls per second of one application, shared fairly between client networks, and of all applications of one developer, so that
/// busy ones leave capacity for others. Each node counts separately, because this protects the node's load.
/// </summary>
public sealed class RequestThrottle(InstallationSettings installation, TimeProvider clock)
{
    /// <summary>The applications of one developer together may use the capacity of this many.</summary>
    private const int ApplicationsPerDeveloper = 5;

    private readonly ConcurrentDictionary<string, CallBucket> applications = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CallBucket> developers = new(StringComparer.Ordinal);

    /// <summary>Null when the call is allowed; otherwise 700.</summary>
    /// <param name="developer">The owner of the application, or the App Id if it has none.</param>
    /// <param name="appId">The application.</param>
    /// <param name="network">The client's network.</param>
    /// <param name="callsPerSecond">The application's limit.</param>
    public Error? TryAcquire(string developer, string appId, string network, int callsPerSecond)
    {
        if (!installation.LimitsOn)
        {
            return null;
        }

        var (now, cost) = (Now, 1.0 / callsPerSecond);
        var application = applications.GetOrAdd(appId, _ => new CallBucket());
        return !application.TryAcquire(now, cost, network) ? Refuse("calls of one application within a second")
            : !developers.GetOrAdd(developer, _ => new CallBucket()).TryAcquire(now, cost / ApplicationsPerDeveloper, appId)
                ? Refuse("calls of one developer's applications within a second")
            : null;
    }

    /// <summary>Whether a call of the application was refused within the last second.</summary>
    public bool IsThrottled(string appId) => applications.TryGetValue(appId, out var bucket) && Now - bucket.ThrottledAt < 1;

    private double Now => (double)clock.GetTimestamp() / clock.TimestampFrequency;

    private static Error Refuse(string cause) => ErrorCodes.TooManyAttempts with { Cause = cause, RetryAfter = TimeSpan.FromSeconds(1) };
}
