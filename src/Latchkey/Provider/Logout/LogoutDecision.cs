namespace Latchkey.Provider.Logout;

/// <summary>What a request to sign out leads to.</summary>
public abstract record LogoutDecision
{
    private LogoutDecision() { }

    /// <summary>The session is over, or there was none: the browser goes back to the client.</summary>
    public sealed record Return(string Uri) : LogoutDecision;

    /// <summary>The session is over, or there was none: the page says so.</summary>
    public sealed record SignedOut : LogoutDecision;

    /// <summary>It is not certain that the user wants it: the page asks.</summary>
    public sealed record Ask(LogoutRequest Request) : LogoutDecision;
}
