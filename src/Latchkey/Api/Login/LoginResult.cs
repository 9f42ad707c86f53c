namespace Latchkey.Api.Login;

/// <summary>The result of a login.</summary>
public abstract record LoginResult;
