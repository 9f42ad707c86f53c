using Latchkey.Api.Signup;

namespace Latchkey.HostedPages;

/// <summary>
/// What waits for a mail to be read: a sign-up or a new password. It is kept in the browser that asked, encrypted, so that nobody else can
/// go on with it.
/// </summary>
public sealed record MailedStep
{
    /// <summary>Where the mail went: an address, or for a new password also a user name.</summary>
    public required string Handle { get; init; }

    /// <summary>The sign-up, to send its mail again with; null for a new password.</summary>
    public SignupDraft? Draft { get; init; }

    /// <summary>The authorization request that goes on then, as addresses of pages have it; empty for none.</summary>
    public string Request { get; init; } = "";
}
