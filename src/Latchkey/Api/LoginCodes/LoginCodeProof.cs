namespace Latchkey.Api.LoginCodes;

/// <summary>What completes a login by code.</summary>
/// <param name="Handle">The address or number, as it was typed.</param>
/// <param name="Code">Six digits, or the token of the link.</param>
/// <param name="RequestToken">What loginCode answered.</param>
/// <param name="DeviceToken">Of a device remembered for the second factor; null for none.</param>
public sealed record LoginCodeProof(string Handle, string Code, string RequestToken, string? DeviceToken);
