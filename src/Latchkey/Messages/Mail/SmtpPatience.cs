using MailKit;

namespace Latchkey.Messages.Mail;

/// <summary>
/// Timeouts for each SMTP step (RFC 5321, 4.5.3.2). The final dot has ten minutes: a client that disconnects earlier cannot know
/// whether the mail was accepted, and would send it twice. The timeout restarts with every command, never with a reply, so a server
/// that replies byte by byte cannot hold a connection for ever.
/// </summary>
internal sealed class SmtpPatience : IProtocolLogger
{
    private readonly CancellationTokenSource timer;
    private readonly CancellationTokenSource either;

    public SmtpPatience(TimeProvider clock, CancellationToken stop)
    {
        timer = new CancellationTokenSource(Limit(SmtpStep.Connect), clock);
        either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
    }

    public SmtpStep Step { get; private set; } = SmtpStep.Connect;

    public TimeSpan Allowed => Limit(Step);

    /// <summary>The server has exceeded the timeout of the step.</summary>
    public bool IsExhausted => timer.IsCancellationRequested;

    public CancellationToken Token => either.Token;

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    public static TimeSpan Limit(SmtpStep step) =>
        step switch
        {
            SmtpStep.Connect => TimeSpan.FromSeconds(30),
            SmtpStep.Data => TimeSpan.FromMinutes(2),
            SmtpStep.Content => TimeSpan.FromMinutes(10),
            _ => TimeSpan.FromMinutes(5),
        };

    public void Begin(SmtpStep step)
    {
        Step = step;
        timer.CancelAfter(Allowed);
    }

    /// <summary>Called after data was sent. What follows DATA is the mail.</summary>
    public void LogClient(byte[] buffer, int offset, int count)
    {
        var isContent = Step == SmtpStep.Data && !buffer.AsSpan(offset, count).StartsWith("DATA\r\n"u8);
        Begin(isContent ? SmtpStep.Content : Step);
    }

    public void LogConnect(Uri uri) { }

    public void LogServer(byte[] buffer, int offset, int count) { }

    public void Dispose()
    {
        either.Dispose();
        timer.Dispose();
    }
}
