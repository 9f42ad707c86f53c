using Latchkey.Core;

namespace Latchkey.Activity.Audit;

/// <summary>The administrator of a change, for the log.</summary>
/// <param name="Name">A developer's address, "server", or the command line with its system user.</param>
/// <param name="Client">The client's address; empty for the command line.</param>
public sealed record Actor(string Name, string Client)
{
    /// <summary>The user who runs this command, as in <c>command line (root, pts/0)</c>.</summary>
    public static readonly Actor CommandLine = new($"command line ({SystemUser.Describe()})", "");
}
