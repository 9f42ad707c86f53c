using Latchkey.Api.TwoFactor;

namespace Latchkey.Api.Login;

/// <summary>The first step was right; loginComplete takes the token of this answer with the second factor's code.</summary>
public sealed record SecondFactorRequired(LoginTokenAnswer Answer) : LoginResult;
