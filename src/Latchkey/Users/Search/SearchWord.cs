namespace Latchkey.Users.Search;

/// <summary>A word of a search: <c>name:value</c>, or text without a name.</summary>
/// <param name="Typed">As it was typed, for messages.</param>
/// <param name="IsNegated">It began with a minus.</param>
/// <param name="Operator">What stands before the first colon, in lower case; null for text.</param>
/// <param name="Value">The rest, without quotation marks.</param>
public sealed record SearchWord(string Typed, bool IsNegated, string? Operator, TextPattern Value);
