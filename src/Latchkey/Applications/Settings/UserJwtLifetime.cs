namespace Latchkey.Applications.Settings;

/// <summary>How long a signing key must stay published after it has signed.</summary>
public static class UserJwtLifetime
{
    /// <summary>Covers the second until nodes see a change, and differences of their clocks.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>When the last user JWT expires that any node may have signed under these settings until now; unix milliseconds.</summary>
    public static long LastExpiry(ApplicationSettings settings, long now) =>
        now + (long)(settings.UserJwtLifetime + Margin).TotalMilliseconds;
}
