namespace Latchkey.Messages.Providers;

/// <summary>What becomes of an application's mails.</summary>
public enum MailRoute
{
    /// <summary>A provider sends them, as far as is known.</summary>
    Sent,

    /// <summary>No provider is set up, so they stay in the mailbox.</summary>
    Mailbox,

    /// <summary>A provider is set up, and it took none of the last mails.</summary>
    Failing,
}
