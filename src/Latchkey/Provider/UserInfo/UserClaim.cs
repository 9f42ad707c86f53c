using System.Text.Json.Nodes;

namespace Latchkey.Provider.UserInfo;

/// <summary>A claim of a user that has a value.</summary>
/// <param name="Scope">The scope that gives it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">A text, a number, a boolean or an object.</param>
public sealed record UserClaim(string Scope, string Name, JsonNode Value);
