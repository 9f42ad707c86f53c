namespace Latchkey.Messages.Providers;

/// <summary>The result of a test message that did not fail.</summary>
public abstract record TestMessageResult
{
    private TestMessageResult() { }

    /// <summary>The provider accepted it.</summary>
    /// <param name="Answer">The provider's own text.</param>
    public sealed record Accepted(string Answer) : TestMessageResult;

    /// <summary>No provider is set: the message is in the mailbox.</summary>
    public sealed record StoredInMailbox(string MessageId) : TestMessageResult;
}
