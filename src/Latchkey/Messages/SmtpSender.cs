using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Latchkey.Configuration;

namespace Latchkey.Messages;

/// <summary>How a provider answered: taken, not now, or never.</summary>
public sealed record Delivery(DeliveryResult Result, string Answer);

public enum DeliveryResult
{
    Taken,
    NotNow,
    Never,
}

/// <summary>Sends one mail by SMTP (RFC 5321), with a plain-text and an HTML part.</summary>
public sealed class SmtpSender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="server">Where to.</param>
    /// <param name="senderName">Shown before the sender's address.</param>
    /// <param name="recipient">One address.</param>
    /// <param name="body">What to send.</param>
    /// <param name="messageId">The same for every attempt, so that a receiver may recognise a repeated one.</param>
    /// <param name="stop">Ends the attempt.</param>
    public async Task<Delivery> Send(SmtpServer server, string senderName, string recipient, MessageBody body, string messageId, CancellationToken stop)
    {
        try
        {
            using var mail = Compose(server, senderName, recipient, body, messageId);
            using var client = new SmtpClient(server.Host, server.Port) { EnableSsl = server.StartTls, DeliveryFormat = SmtpDeliveryFormat.International, UseDefaultCredentials = false };
            if (server.User.Length > 0)
            {
                client.Credentials = new NetworkCredential(server.User, server.Password);
            }

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            await client.SendMailAsync(mail, patience.Token);
            return new(DeliveryResult.Taken, $"taken by {server.Host}");
        }
        catch (SmtpFailedRecipientException e)
        {
            return new(IsPermanent(e.StatusCode) ? DeliveryResult.Never : DeliveryResult.NotNow, Describe(e));
        }
        catch (SmtpException e)
        {
            return new(IsPermanent(e.StatusCode) ? DeliveryResult.Never : DeliveryResult.NotNow, Describe(e));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(DeliveryResult.NotNow, $"{server.Host} did not answer within {Patience.TotalSeconds} seconds");
        }
        catch (FormatException e)
        {
            return new(DeliveryResult.Never, e.Message);
        }
    }

    private static MailMessage Compose(SmtpServer server, string senderName, string recipient, MessageBody body, string messageId)
    {
        var mail = new MailMessage
        {
            From = new MailAddress(server.From, senderName, Encoding.UTF8),
            Subject = body.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = body.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        mail.To.Add(new MailAddress(recipient));
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(body.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        mail.Headers.Add("Message-ID", $"<{messageId}@{mail.From.Host}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies, please
        return mail;
    }

    /// <summary>5xx replies to the mailbox itself are final; anything about the connection may pass.</summary>
    private static bool IsPermanent(SmtpStatusCode status) =>
        status is SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.MailboxNameNotAllowed or SmtpStatusCode.UserNotLocalTryAlternatePath or SmtpStatusCode.ExceededStorageAllocation;

    private static string Describe(SmtpException e)
    {
        var inner = e.InnerException is null ? "" : $" ({e.InnerException.Message})";
        return $"{(int)e.StatusCode} {e.Message}{inner}";
    }
}
