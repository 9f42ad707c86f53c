using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Api.Authentication;

/// <summary>
/// Bounds what the application's log says of refusals, because most cost whoever causes them nothing. A flood that a limit holds back is
/// one line a minute for each function and network; any other is so many for each of these, and for the application, and one that says
/// that there were more.
/// </summary>
public static class LogLines
{
    private const int MaxLinesPerNetwork = 30;
    private const int MaxLinesPerApplication = 1000;
    private const string LinesOmitted = "more of these were left out";

    /// <summary>What the log says of a refusal; null for nothing.</summary>
    /// <param name="throttle">Counts the lines of this node.</param>
    /// <param name="appId">The application.</param>
    /// <param name="function">The function that refused.</param>
    /// <param name="network">Where the call came from.</param>
    /// <param name="error">Why.</param>
    public static Error? Bound(LogThrottle throttle, string appId, string function, string network, Error error)
    {
        var key = $"{appId}|{function}|{network}";
        var isLimit = error.HttpStatus == StatusCodes.Status429TooManyRequests || error.Code == ErrorCodes.ServerBusy.Code;
        return isLimit && !throttle.IsFirst($"{key}|{error.Cause}") ? null
            : Limit(throttle.Increment(key), MaxLinesPerNetwork, error) is { } line
                ? Limit(throttle.Increment(appId), MaxLinesPerApplication, line)
            : null;
    }

    private static Error? Limit(int line, int max, Error error) =>
        line <= max ? error
        : line == max + 1 ? error.WithCause(LinesOmitted)
        : null;
}
