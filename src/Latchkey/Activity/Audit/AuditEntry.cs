using Latchkey.Core;

namespace Latchkey.Activity.Audit;

/// <summary>One line of an application's log.</summary>
/// <param name="AppId">The application.</param>
/// <param name="Action">The function, as the contract names it, or the portal's action.</param>
/// <param name="Handle">Whom it is about.</param>
/// <param name="Client">The client's address; empty for the command line and the server's own work.</param>
public sealed record AuditEntry(string AppId, string Action, string Handle, string Client)
{
    public const string ByUser = "user";
    public const string ByServer = "server";
    public const string ByCommandLine = "command line";

    /// <summary>What somebody other than the user did.</summary>
    public AuditEntry(string appId, string action, string handle, Actor by)
        : this(appId, action, handle, by.Client) => Actor = by.Name;

    /// <summary>Who did it: a user, a server, the command line, a developer's e-mail address.</summary>
    public string Actor { get; init; } = ByUser;

    /// <summary>0 for done; else the contract's code of the refusal.</summary>
    public int Code { get; init; }

    /// <summary>The cause of a refusal, or what changed; never a secret.</summary>
    public string Detail { get; init; } = "";

    public AuditEntry Refused(Error error) => this with { Code = error.Code, Detail = error.Cause ?? "" };
}
