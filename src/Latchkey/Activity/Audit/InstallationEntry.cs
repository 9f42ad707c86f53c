using Latchkey.Core;

namespace Latchkey.Activity.Audit;

/// <summary>An entry of the installation's log.</summary>
/// <param name="Action">The portal's action, such as <c>suspendDeveloper</c>; for the filter.</param>
/// <param name="Detail">What happened, in words; never a secret.</param>
public sealed record InstallationEntry(string Action, string Detail)
{
    public const string SignIn = "signIn";

    /// <summary>Who did it, as in <see cref="Audit.Actor"/>; empty for the account itself.</summary>
    public string Actor { get; private init; } = "";

    /// <summary>The portal account that it is about; empty for none, and for an unknown one.</summary>
    public string DeveloperId { get; private init; } = "";

    /// <summary>The client's address; empty for the command line.</summary>
    public string Client { get; private init; } = "";

    public bool IsRefused { get; private init; }

    /// <summary>
    /// What entries have in common that become one line with a count within an hour; null for an entry that is always a line of its own.
    /// Anybody can cause refusals, from any number of networks, so neither these nor the cause make another line.
    /// </summary>
    public string? Repetition { get; private init; }

    /// <summary>What was done to an account by its developer, or to get access to it.</summary>
    /// <param name="developerId">The account; empty for an unknown one.</param>
    public static InstallationEntry OfOwnAccount(
        string action,
        string detail,
        string developerId,
        ClientAddress client,
        bool isRefused = false
    ) =>
        new(action, detail)
        {
            DeveloperId = developerId,
            Client = client.Address,
            IsRefused = isRefused,
            Repetition = isRefused ? $"{action}|{developerId}" : $"{action}|{developerId}|{client.Network}|{detail}",
        };

    /// <summary>What was done to the installation, or to another account.</summary>
    /// <param name="developerId">The other account; empty for none.</param>
    public static InstallationEntry By(Actor actor, string action, string detail, string developerId = "") =>
        new(action, detail)
        {
            Actor = actor.Name,
            Client = actor.Client,
            DeveloperId = developerId,
        };
}
