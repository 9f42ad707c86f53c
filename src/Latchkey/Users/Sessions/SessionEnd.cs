using System.Text.Json;

namespace Latchkey.Users.Sessions;

/// <summary>The end of a session: why, when, and from where.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Client">The address of the client that caused it; empty for the server's own work and the command line.</param>
/// <param name="At">In unix milliseconds.</param>
public sealed record SessionEnd(SessionEndReason Reason, string Client, long At)
{
    private static readonly string[] Names = [.. Enum.GetNames<SessionEndReason>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>All names of reasons, as in the database, the API and the metric.</summary>
    public static IReadOnlyList<string> ReasonNames => Names;

    public string ReasonName => NameOf(Reason);

    public static string NameOf(SessionEndReason reason) => Names[(int)reason];

    /// <summary>The reason of this name; null for an unknown one.</summary>
    public static SessionEndReason? ParseReason(string? name) =>
        Array.IndexOf(Names, name) is >= 0 and var place ? (SessionEndReason)place : null;
}
