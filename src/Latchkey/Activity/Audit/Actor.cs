namespace Latchkey.Activity.Audit;

/// <summary>The administrator of a change, for the log.</summary>
/// <param name="Name">A developer's address, "server" or the command line.</param>
/// <param name="Client">The client's address; empty for the command line.</param>
public sealed record Actor(string Name, string Client)
{
    public static readonly Actor CommandLine = new(AuditEntry.ByCommandLine, "");
}
