using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Api.TwoFactor;

/// <summary>What login answers before a second factor.</summary>
/// <param name="LoginToken">For loginComplete, loginFactor or enrollFactor; valid for ten minutes.</param>
/// <param name="Methods">otp, sms, recovery: any of these completes the login. Null while secondFactorPolicy is off.</param>
/// <param name="Enroll">otp, sms: the user has no factor and must set one of these up; null otherwise.</param>
public sealed record LoginTokenAnswer(
    [property: JsonPropertyName("login-token")] string LoginToken,
    [property: JsonPropertyName("methods"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyList<string>? Methods = null,
    [property: JsonPropertyName("enroll"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Enroll = null
)
{
    public static LoginTokenAnswer From(string loginToken, FactorDemand demand) =>
        demand.IsListed ? new(loginToken, Names(demand.Methods), demand.Enroll.Count > 0 ? Names(demand.Enroll) : null) : new(loginToken);

    private static string[] Names(IEnumerable<FactorMethod> methods) => [.. methods.Select(method => method.ToName())];
}
