namespace Latchkey.Api.Login;

/// <summary>The password was right; loginComplete takes this token with the second factor's code.</summary>
public sealed record SecondFactorRequired(string LoginToken) : LoginResult;
