namespace Latchkey.Messages.Templates;

/// <summary>The values of a template's macros.</summary>
/// <param name="Handle">The user's handle.</param>
/// <param name="Client">The address of the client that made the request.</param>
/// <param name="Code">Six digits, if the message has a code.</param>
/// <param name="Link">An absolute URL, if the message has a link.</param>
/// <param name="Provider">Apple or Google, if the message names one.</param>
/// <param name="QrCode">A PNG in base64 to embed.</param>
/// <param name="ExpiresAt">When the code or link expires, in unix milliseconds.</param>
public sealed record MacroValues(
    string Handle,
    string Client,
    string? Code = null,
    string? Link = null,
    string? Provider = null,
    string? QrCode = null,
    long? ExpiresAt = null
);
