using System.Net.Sockets;
using System.Security.Authentication;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Mail;

namespace Latchkey.Messages.Providers;

/// <summary>Sends one mail by SMTP (RFC 5321), over a connection of its own.</summary>
public sealed class SmtpSender(OutboundConnections connections, TimeProvider clock)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>5xx replies about the mailbox are final; anything about the connection or the session may pass.</summary>
    public async Task<Delivery> Send(SmtpServer server, OutgoingMessage message, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Timeout);
        try
        {
            return new(
                DeliveryResult.Accepted,
                (await Converse(server, MimeMail.Of(server.From, message, clock.GetUtcNow()), patience.Token)).ToString()
            );
        }
        catch (SmtpRefusedException e)
        {
            return new(e.Reply.Code is 550 or 551 or 552 or 553 ? DeliveryResult.PermanentFailure : DeliveryResult.RetryLater, e.Message);
        }
        catch (FormatException e)
        {
            return new(DeliveryResult.PermanentFailure, e.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(DeliveryResult.RetryLater, $"{server.Host} did not respond within {Timeout.TotalSeconds} seconds");
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or AddressNotAllowedException)
        {
            return new(DeliveryResult.RetryLater, e.Message);
        }
    }

    /// <summary>What the server said when it took the mail.</summary>
    private async Task<SmtpReply> Converse(SmtpServer server, MimeMail mail, CancellationToken stop)
    {
        await using var session = new SmtpSession(await connections.Connect(server.Host, server.Port, server.IsDeveloperHost, stop));
        await session.Begin(stop);
        if (server.StartTls)
        {
            await session.StartTls(server.Host, stop);
        }

        if (server.User.Length > 0)
        {
            await session.Authenticate(server.User, server.Password, stop);
        }

        var reply = await session.Deliver(mail, stop);
        await session.Quit(stop);
        return reply;
    }
}
