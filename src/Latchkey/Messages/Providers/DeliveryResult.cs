namespace Latchkey.Messages.Providers;

public enum DeliveryResult
{
    Accepted,
    RetryLater,
    PermanentFailure,
}
