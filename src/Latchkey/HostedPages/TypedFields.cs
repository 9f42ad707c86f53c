namespace Latchkey.HostedPages;

/// <summary>What was typed into a form that is refused, so that the page can show it again. It never holds a password.</summary>
/// <param name="Handle">The address or name.</param>
/// <param name="Values">The other fields, by name.</param>
/// <param name="Refused">The names of those that are wrong.</param>
public sealed record TypedFields(string Handle, IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Refused);
