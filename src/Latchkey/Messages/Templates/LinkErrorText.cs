namespace Latchkey.Messages.Templates;

/// <summary>What the page says that a mailed link opens and that cannot do its work.</summary>
/// <param name="Heading">The heading.</param>
/// <param name="Server">The server failed.</param>
/// <param name="Expired">The link of a signup is too old.</param>
/// <param name="Confirmed">The address is confirmed already.</param>
/// <param name="Ended">A login code was used or is too old.</param>
/// <param name="TooMany">Too many attempts, or the server is busy.</param>
/// <param name="Broken">Anything else.</param>
public sealed record LinkErrorText(
    string Heading,
    string Server,
    string Expired,
    string Confirmed,
    string Ended,
    string TooMany,
    string Broken
);
