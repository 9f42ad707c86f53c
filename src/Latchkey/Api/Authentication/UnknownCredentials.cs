using Latchkey.Core;
using Latchkey.Core.Metrics;
using Latchkey.Limits;

namespace Latchkey.Api.Authentication;

/// <summary>
/// Counts and logs credentials that this installation never issued: forged tokens and guessed secrets. They name no application, so no
/// application's log can hold them.
/// </summary>
public sealed partial class UnknownCredentials(LogThrottle throttle, ILogger<UnknownCredentials> log)
{
    public const string AppToken = "app-token";
    public const string AccessToken = "access-token";
    public const string AppSecret = "app-secret";

    /// <summary>The kinds, for a metric that has each from the start.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [AppToken, AccessToken, AppSecret];

    /// <summary>
    /// One more of a kind. The log has the first, the tenth, the hundredth and so on of each network and minute.
    /// </summary>
    public void Record(string kind, ClientAddress client)
    {
        LatchkeyMeter.RecordUnknownCredential(kind);
        var count = throttle.Increment($"unknown|{kind}|{client.Network}");
        if (IsPowerOfTen(count))
        {
            LogUnknown(log, kind, client.Network, count);
        }
    }

    private static bool IsPowerOfTen(int count)
    {
        while (count >= 10 && count % 10 == 0)
        {
            count /= 10;
        }

        return count == 1;
    }

    [LoggerMessage(1, LogLevel.Warning, "Unknown {Kind} from {Network}: {Count} within a minute")]
    private static partial void LogUnknown(ILogger log, string kind, string network, int count);
}
