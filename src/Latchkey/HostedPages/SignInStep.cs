namespace Latchkey.HostedPages;

/// <summary>
/// A sign-in that goes on on the next page. It is kept in the browser that began it, encrypted, because its tokens are half a proof.
/// </summary>
public sealed record SignInStep
{
    /// <summary>What was typed.</summary>
    public string Handle { get; init; } = "";

    /// <summary>The request token of a code by mail or SMS; null for a sign-in by password.</summary>
    public string? CodeToken { get; init; }

    /// <summary>The login token that waits for a second factor; null before it is needed.</summary>
    public string? LoginToken { get; init; }

    /// <summary>The second factors that the user has; null where the application has no policy, and the code names its kind.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>The second factors of which one must be set up; null for none.</summary>
    public IReadOnlyList<string>? Enroll { get; init; }

    /// <summary>The key of an authenticator app that is being set up, as its QR code says it; null for none.</summary>
    public string? KeyUri { get; init; }

    /// <summary>The same key in groups of four.</summary>
    public string? Key { get; init; }

    /// <summary>A code was sent to a number that is being set up.</summary>
    public bool IsPhoneAsked { get; init; }

    /// <summary>The browser can make a passkey, so one may be offered.</summary>
    public bool CanMakePasskey { get; init; }

    /// <summary>The recovery codes that are shown before the user goes on; null for none.</summary>
    public IReadOnlyList<string>? RecoveryCodes { get; init; }
}
