namespace Latchkey.Activity.Audit;

/// <summary>
/// Logs changes of the installation and of portal accounts to the server's log. Changes of an application are in its own log.
/// </summary>
public sealed partial class InstallationLog(ILogger<InstallationLog> log)
{
    /// <summary>Logs what a developer did to the own account, or to get access to it.</summary>
    /// <param name="what">The action; never a secret.</param>
    /// <param name="developerId">The account; "unknown" for none.</param>
    /// <param name="client">The client's address.</param>
    public void LogOwnAccount(string what, string developerId, string client) => LogDone(log, what, $"account {developerId}", client);

    /// <summary>Logs an action on the installation or on another account.</summary>
    /// <param name="what">The action; never a secret.</param>
    /// <param name="by">The actor and the client's address.</param>
    public void LogAction(string what, Actor by) => LogDone(log, what, $"by {by.Name}", by.Client);

    [LoggerMessage(1, LogLevel.Information, "Portal: {What}, {Who}, from {Client}")]
    private static partial void LogDone(ILogger log, string what, string who, string client);
}
