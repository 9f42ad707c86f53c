namespace Latchkey.Api.LoginCodes;

/// <summary>A loginCode that was answered.</summary>
/// <param name="AppId">The application.</param>
/// <param name="Id">The request's id in the table login_codes.</param>
public sealed record DeferredLoginCode(string AppId, string Id);
