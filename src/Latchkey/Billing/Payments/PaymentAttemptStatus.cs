namespace Latchkey.Billing.Payments;

/// <summary>Where an attempt to charge stands.</summary>
public enum PaymentAttemptStatus
{
    /// <summary>The provider is being asked, or the node that asked was killed.</summary>
    Started,

    /// <summary>The provider did not answer; the money may be taken.</summary>
    Unknown,

    /// <summary>The provider is working on it.</summary>
    Pending,

    /// <summary>The bank wants the person to confirm it.</summary>
    Confirm,
    Declined,
    Paid,
}
