using System.Text.Json;
using Latchkey.Users;

namespace Latchkey.Api.Server;

/// <summary>A valid token and its owner.</summary>
public sealed record VerifiedToken(string Kind, JsonElement Claims, User User);
