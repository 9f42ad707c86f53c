using System.Net;
using System.Net.Sockets;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Mail;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Latchkey.Messages.Providers;

/// <summary>Sends one mail by SMTP (RFC 5321, RFC 6409) over its own connection.</summary>
public sealed class SmtpSender(OutboundConnections connections, HeloName helo, TimeProvider clock)
{
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sends the message. A refusal of the recipient or the mail is final; every other failure is retried.</summary>
    public async Task<Delivery> Send(SmtpServer server, OutgoingMessage message, CancellationToken stop)
    {
        try
        {
            var mail = MailMessage.Create(server.From, message, clock.GetUtcNow());
            return await Converse(server, conversation => conversation.Deliver(mail), stop);
        }
        catch (FormatException e)
        {
            return new(DeliveryResult.PermanentFailure, e.Message);
        }
    }

    /// <summary>Tests connection, encryption and authentication without sending a mail.</summary>
    public Task<Delivery> Check(SmtpServer server, CancellationToken stop) => Converse(server, _ => Task.FromResult("ready"), stop);

    private async Task<Delivery> Converse(SmtpServer server, Func<SmtpConversation, Task<string>> work, CancellationToken stop)
    {
        using var patience = new SmtpPatience(clock, stop);
        using var conversation = new SmtpConversation(patience);
        try
        {
            await Begin(conversation, server, patience.Token);
            var answer = await work(conversation);
            await Quit(conversation);
            return new(DeliveryResult.Accepted, answer);
        }
        catch (Exception) when (patience.IsExhausted)
        {
            return Later($"{server.Host} did not answer within {Describe(patience.Allowed)}");
        }
        catch (SmtpCommandException e)
        {
            var reply = conversation.Judge(e);
            return new(reply.Result, reply.ToString());
        }
        catch (AuthenticationException e)
        {
            return Later(WithoutColon(e.Message));
        }
        catch (SslHandshakeException e)
        {
            return Later($"{server.Host}: {conversation.CertificateFault ?? $"no encryption ({e.GetBaseException().Message})"}");
        }
        catch (SmtpProtocolException e)
        {
            return Later($"{server.Host} does not answer as a mail server: {e.Message}");
        }
        catch (NotSupportedException e)
        {
            return Later($"{server.Host}: {e.Message}");
        }
        catch (Exception e)
            when (e
                    is IOException
                        or SocketException
                        or SaslException
                        or ServiceNotConnectedException
                        or AddressNotAllowedException
                        or InvalidSettingException
            )
        {
            return Later(e.Message);
        }
    }

    private async Task Begin(SmtpConversation conversation, SmtpServer server, CancellationToken stop)
    {
        var connected = await connections.Connect(server.Host, server.Port, server.IsDeveloperHost, stop);
        try
        {
            var local = connected.Socket.LocalEndPoint is IPEndPoint end ? end.Address : IPAddress.Loopback;
            conversation.LocalDomain = await helo.ForConnection(local, stop);
        }
        catch
        {
            await connected.DisposeAsync();
            throw;
        }

        await conversation.Begin(connected, server.Host, server.Port, EncryptionOf(server.Security));
        if (server.User.Length > 0)
        {
            await conversation.Authenticate(
                server.User,
                server.Password,
                server.TokenFile.Length > 0 ? SecretFile.Read(server.TokenFile) : server.Token
            );
        }
    }

    /// <summary>Sends QUIT. The server has accepted the mail by then, so failures are ignored.</summary>
    private async Task Quit(SmtpConversation conversation)
    {
        using var patience = new CancellationTokenSource(QuitTimeout, clock);
        try
        {
            await conversation.DisconnectAsync(quit: true, patience.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SmtpProtocolException or SmtpCommandException)
        {
            // the server disconnected first or timed out
        }
    }

    private static SecureSocketOptions EncryptionOf(SmtpSecurity security) =>
        security switch
        {
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.None,
        };

    private static Delivery Later(string answer) => new(DeliveryResult.RetryLater, answer);

    private static string Describe(TimeSpan time) =>
        time < TimeSpan.FromMinutes(1) ? $"{time.TotalSeconds} seconds" : $"{time.TotalMinutes} minutes";

    /// <summary>Removes the colon: MailKit formats a refused login as <c>535: text</c>.</summary>
    private static string WithoutColon(string reply) => reply is [_, _, _, ':', ..] ? reply.Remove(3, 1) : reply;
}
