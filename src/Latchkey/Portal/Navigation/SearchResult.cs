namespace Latchkey.Portal.Navigation;

/// <summary>Somewhere to go.</summary>
/// <param name="Kind">The heading it stands under, such as Users.</param>
/// <param name="Text">What it is called.</param>
/// <param name="Detail">What tells it from others of that name; may be empty.</param>
/// <param name="Address">Path and query, with the path base.</param>
public sealed record SearchResult(string Kind, string Text, string Detail, string Address);
