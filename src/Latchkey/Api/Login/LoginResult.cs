namespace Latchkey.Api.Login;

/// <summary>How a login went on.</summary>
public abstract record LoginResult;
