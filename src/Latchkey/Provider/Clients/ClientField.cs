using Latchkey.Core;

namespace Latchkey.Provider.Clients;

/// <summary>A setting of a client: its name in the API, on the command line and in forms, and how its text is read and written.</summary>
/// <param name="Name">As the API has it.</param>
/// <param name="Meaning">A sentence for people.</param>
/// <param name="Kind">What its text is.</param>
/// <param name="Format">The text; a list has spaces between its items, and a switch is 1 or 0.</param>
/// <param name="Set">Reads the text. What the whole must hold is checked by <see cref="ClientValidation"/>.</param>
public sealed record ClientField(
    string Name,
    string Meaning,
    ClientFieldKind Kind,
    Func<ClientSettings, string> Format,
    Func<ClientSettings, string, Result<ClientSettings>> Set
)
{
    /// <summary>The values of a choice, or the possible items of a list; empty where any text is possible.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public static ClientField Switch(
        string name,
        string meaning,
        Func<ClientSettings, bool> get,
        Func<ClientSettings, bool, ClientSettings> set
    ) =>
        new(
            name,
            meaning,
            ClientFieldKind.Switch,
            s => get(s) ? "1" : "0",
            (s, text) =>
                text.Trim().ToLowerInvariant() switch
                {
                    "1" or "true" or "on" => set(s, true),
                    "0" or "false" or "off" => set(s, false),
                    _ => ErrorCodes.InvalidData with { Message = $"{name} is 1 or 0." },
                }
        );

    public static ClientField List(
        string name,
        string meaning,
        Func<ClientSettings, IReadOnlyList<string>> get,
        Func<ClientSettings, IReadOnlyList<string>, ClientSettings> set
    ) => new(name, meaning, ClientFieldKind.List, s => string.Join(' ', get(s)), (s, text) => set(s, Split(text)));

    public static ClientField Text(
        string name,
        string meaning,
        Func<ClientSettings, string> get,
        Func<ClientSettings, string, ClientSettings> set
    ) => new(name, meaning, ClientFieldKind.Text, get, (s, text) => set(s, text.Trim()));

    /// <summary>The items between blanks and line breaks, each once.</summary>
    public static IReadOnlyList<string> Split(string text) =>
        [.. text.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
