namespace Latchkey.Applications.Settings;

/// <summary>How long a signing key is needed after it has signed.</summary>
public static class UserJwtLifetime
{
    /// <summary>Nodes follow a change within a second, and their clocks differ by less.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>When the last user JWT has expired that is signed under these settings until now, anywhere; unix milliseconds.</summary>
    public static long LastExpiry(ApplicationSettings settings, long now) =>
        now + (long)(TimeSpan.FromHours(settings.UserJwtExpiration) + Margin).TotalMilliseconds;
}
