namespace Latchkey.Messages.Templates;

/// <summary>What the macros of a template stand for.</summary>
/// <param name="Handle">The user's address.</param>
/// <param name="Client">Where the request came from.</param>
/// <param name="Code">Six digits, if the message carries any.</param>
/// <param name="Link">An absolute URL, if the message carries one.</param>
/// <param name="Provider">Apple or Google, where the message names one.</param>
/// <param name="QrCode">A PNG in base64 that goes with the message.</param>
/// <param name="ExpiresAt">When the code or link ends, in unix milliseconds.</param>
public sealed record MacroValues(
    string Handle,
    string Client,
    string? Code = null,
    string? Link = null,
    string? Provider = null,
    string? QrCode = null,
    long? ExpiresAt = null
);
