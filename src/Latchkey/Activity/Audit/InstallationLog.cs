namespace Latchkey.Activity.Audit;

/// <summary>
/// What is done with the installation and with accounts of the portal: a line each in the server's log. What is done with an application is
/// in its own log.
/// </summary>
public sealed partial class InstallationLog(ILogger<InstallationLog> log)
{
    /// <summary>What somebody did to their own account, or to get into it.</summary>
    /// <param name="what">Never a secret.</param>
    /// <param name="developerId">The account; "unknown" for none.</param>
    /// <param name="client">The client's address.</param>
    public void LogOwnAccount(string what, string developerId, string client) => LogDone(log, what, $"account {developerId}", client);

    /// <summary>What somebody did to the installation or to another's account.</summary>
    /// <param name="what">Never a secret.</param>
    /// <param name="by">Who, and from where.</param>
    public void LogAction(string what, Actor by) => LogDone(log, what, $"by {by.Name}", by.Client);

    [LoggerMessage(1, LogLevel.Information, "Portal: {What}, {Who}, from {Client}")]
    private static partial void LogDone(ILogger log, string what, string who, string client);
}
