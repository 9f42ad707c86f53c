using Latchkey.Core;

namespace Latchkey.Activity.Audit;

/// <summary>An entry of an application's log.</summary>
/// <param name="AppId">The application.</param>
/// <param name="Action">The function's name in the contract, or the portal's action.</param>
/// <param name="Handle">The handle concerned.</param>
/// <param name="Client">The client's address; empty for the command line and the server's own work.</param>
public sealed record AuditEntry(string AppId, string Action, string Handle, string Client)
{
    public const string ByUser = "user";
    public const string ByServer = "server";

    /// <summary>The action of a change of an application's settings.</summary>
    public const string ChangeSettings = "changeSettings";

    /// <summary>An entry for an action by someone other than the user.</summary>
    public AuditEntry(string appId, string action, string handle, Actor by)
        : this(appId, action, handle, by.Client) => Actor = by.Name;

    /// <summary>Who did it: the user, a server, the command line with its system user, or a developer's e-mail address.</summary>
    public string Actor { get; init; } = ByUser;

    /// <summary>0 for success; otherwise the contract's error code.</summary>
    public int Code { get; init; }

    /// <summary>The cause of the error, or what changed; never a secret.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What changed, from what to what.</summary>
    public IReadOnlyList<AuditChange> Changes { get; init; } = [];

    public AuditEntry Refused(Error error) => this with { Code = error.Code, Detail = error.Cause ?? "" };
}
