using Latchkey.Applications;

namespace Latchkey.Portal.Navigation;

/// <summary>A page or an action that the search knows by name.</summary>
/// <param name="Path">Below the application's address, or below /portal.</param>
/// <param name="Text">What it is called.</param>
/// <param name="Words">Other words that people look for it by.</param>
/// <param name="Role">Whom it is offered to.</param>
/// <param name="NeedsJwt">It is there only while the application has JWT on.</param>
public sealed record PortalDestination(
    string Path,
    string Text,
    string Words = "",
    Role Role = Role.Viewer,
    bool IsAction = false,
    bool NeedsJwt = true
)
{
    private static readonly char[] Separators = [' ', '-', ',', '.', ':'];

    /// <summary>Whether every word that was typed begins one of its words.</summary>
    public bool Matches(string typed) => Begins(typed, $"{Text} {Words}");

    /// <summary>Whether every word that was typed begins a word of what it is called: such come first.</summary>
    public bool IsNamed(string typed) => Begins(typed, Text);

    private static bool Begins(string typed, string text)
    {
        var own = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return typed
            .Split(Separators, StringSplitOptions.RemoveEmptyEntries)
            .All(word => own.Any(one => one.StartsWith(word, StringComparison.OrdinalIgnoreCase)));
    }
}
