using System.Text.Json;
using Latchkey.Users;

namespace Latchkey.Api.Server;

/// <summary>A token that is good now, and whose it is.</summary>
public sealed record VerifiedToken(string Kind, JsonElement Claims, User User);
