using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Latchkey.Configuration;

namespace Latchkey.Messages;

/// <summary>Sends one mail by SMTP (RFC 5321), with a plain-text and an HTML part.</summary>
public sealed class SmtpSender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<Delivery> Send(SmtpServer server, OutgoingMessage message, CancellationToken stop)
    {
        try
        {
            using var mail = Compose(server, message);
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

    private static MailMessage Compose(SmtpServer server, OutgoingMessage message)
    {
        var body = message.Body;
        var mail = new MailMessage
        {
            From = new MailAddress(server.From, message.SenderName, Encoding.UTF8),
            Subject = body.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = body.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        mail.To.Add(new MailAddress(message.Recipient));
        if (body.ReplyTo is { Length: > 0 } replyTo)
        {
            mail.ReplyToList.Add(new MailAddress(replyTo));
        }

        mail.AlternateViews.Add(Html(body));
        mail.Headers.Add("Message-ID", $"<{message.Id}@{mail.From.Host}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies, please
        return mail;
    }

    private static AlternateView Html(MessageBody body)
    {
        var view = AlternateView.CreateAlternateViewFromString(body.Html, Encoding.UTF8, MediaTypeNames.Text.Html);
        if (body.QrCode is { } png)
        {
            view.LinkedResources.Add(new LinkedResource(new MemoryStream(Convert.FromBase64String(png)), MediaTypeNames.Image.Png) { ContentId = MessageBody.QrCodeId });
        }

        return view;
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
