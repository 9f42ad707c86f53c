namespace Latchkey.Messages.Providers;

/// <summary>What became of a test message that was not refused.</summary>
public abstract record TestMessageResult
{
    private TestMessageResult() { }

    /// <summary>The provider took it.</summary>
    /// <param name="Answer">Its own words.</param>
    public sealed record Accepted(string Answer) : TestMessageResult;

    /// <summary>No provider is set: the message lies in the mailbox.</summary>
    public sealed record StoredInMailbox(string MessageId) : TestMessageResult;
}
