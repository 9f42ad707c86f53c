using System.Diagnostics.Metrics;

namespace Latchkey.Core.Metrics;

/// <summary>Latchkey's own metrics, explained in docs/operations.md. They cost nothing without a listener.</summary>
public static class LatchkeyMeter
{
    public const string Name = "Latchkey";

    private static readonly Meter Meter = new(Name);

    /// <summary>Histogram buckets in seconds; OpenTelemetry's defaults start at 5 and suit milliseconds.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private static readonly Counter<long> Calls = Meter.CreateCounter<long>(
        "latchkey.calls",
        "{call}",
        "Calls that reached a function, by function and code (0 for done)."
    );
    private static readonly Counter<long> Messages = Meter.CreateCounter<long>(
        "latchkey.messages",
        "{message}",
        "Attempts to send, by channel and outcome (taken, postponed, failed)."
    );
    private static readonly Counter<long> UntrustedForwards = Meter.CreateCounter<long>(
        "latchkey.forwarded.untrusted",
        "{request}",
        "Requests that carried X-Forwarded-* and did not come from a named proxy."
    );
    private static readonly Counter<long> UnknownCredentials = Meter.CreateCounter<long>(
        "latchkey.credentials.unknown",
        "{credential}",
        "Tokens and secrets that this installation never issued, by kind."
    );
    private static readonly Counter<long> HashingRefused = Meter.CreateCounter<long>(
        "latchkey.hashing.refused",
        "{password}",
        "Passwords that were not hashed because the queue was full."
    );
    private static readonly Histogram<double> HashingWait = Meter.CreateHistogram(
        "latchkey.hashing.wait",
        "s",
        "How long a password waited to be hashed.",
        advice: Seconds
    );
    private static readonly Counter<long> SessionsEnded = Meter.CreateCounter<long>(
        "latchkey.sessions.ended",
        "{session}",
        "Sessions of users that ended, by reason."
    );
    private static readonly int[] GuessCodes = [0, ErrorCodes.InvalidCredentials.Code, ErrorCodes.InvalidData.Code];
    private static readonly string[] Channels = ["email", "sms"];
    private static readonly string[] Outcomes = ["taken", "postponed", "failed", "expired"];
    private static long messagesWaiting;

    static LatchkeyMeter() =>
        Meter.CreateObservableGauge(
            "latchkey.messages.waiting",
            () => Interlocked.Read(ref messagesWaiting),
            "{message}",
            "Messages that no provider has taken yet, over all nodes."
        );

    public static void RecordCall(string function, int code) => Calls.Add(1, new("function", function), new("code", code));

    public static void RecordMessage(string channel, string outcome) => Messages.Add(1, new("channel", channel), new("outcome", outcome));

    public static void RecordSessionsEnded(string reason, long ended)
    {
        if (ended > 0)
        {
            SessionsEnded.Add(ended, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    public static void RecordUnknownCredential(string kind) => UnknownCredentials.Add(1, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>
    /// Sends each counter once as 0. To Prometheus, a counter whose first value is 20 has not grown, so the first burst would raise no
    /// alert.
    /// </summary>
    /// <param name="functions">The functions of the API.</param>
    /// <param name="credentials">The kinds of credentials.</param>
    /// <param name="sessionEnds">The reasons why sessions end.</param>
    public static void InitializeCounters(IEnumerable<string> functions, IEnumerable<string> credentials, IEnumerable<string> sessionEnds)
    {
        foreach (var function in functions)
        {
            foreach (var code in GuessCodes)
            {
                Calls.Add(0, new("function", function), new("code", code));
            }
        }

        foreach (var (channel, outcome) in Channels.SelectMany(channel => Outcomes.Select(outcome => (channel, outcome))))
        {
            Messages.Add(0, new("channel", channel), new("outcome", outcome));
        }

        foreach (var kind in credentials)
        {
            UnknownCredentials.Add(0, new KeyValuePair<string, object?>("kind", kind));
        }

        foreach (var reason in sessionEnds)
        {
            SessionsEnded.Add(0, new KeyValuePair<string, object?>("reason", reason));
        }

        UntrustedForwards.Add(0);
        HashingRefused.Add(0);
    }

    public static void SetMessagesWaiting(long count) => Interlocked.Exchange(ref messagesWaiting, count);

    public static void RecordUntrustedForward() => UntrustedForwards.Add(1);

    public static void RecordHashingRefused() => HashingRefused.Add(1);

    public static void RecordHashingWait(TimeSpan time) => HashingWait.Record(time.TotalSeconds);
}
