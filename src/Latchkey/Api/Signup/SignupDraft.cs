namespace Latchkey.Api.Signup;

/// <summary>A signup whose parameters were good and whose password is hashed.</summary>
/// <param name="Handle">The address.</param>
/// <param name="Locale">The language of the mail and of the user.</param>
/// <param name="PasswordHash">The hash; empty for no password.</param>
/// <param name="Prehashed">Whether it is of an MD5 hex.</param>
/// <param name="Metadata">The user fields, a JSON document.</param>
/// <param name="LinkPage">The page that the mailed link opens, an absolute URL; null for the page of the API.</param>
public sealed record SignupDraft(
    string Handle,
    string Locale,
    string PasswordHash,
    bool Prehashed,
    string Metadata,
    string? LinkPage = null
);
