using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Text;

namespace Latchkey.Messages.Mail;

/// <summary>
/// The client's side of SMTP (RFC 5321) with STARTTLS (RFC 3207), AUTH PLAIN and LOGIN (RFC 4954) and SMTPUTF8 (RFC 6531).
/// </summary>
public sealed class SmtpSession(Stream connected) : IAsyncDisposable
{
    private const int MaxLineLength = 4096;
    private const int MaxLines = 100;

    private readonly byte[] buffer = new byte[MaxLineLength];
    private Stream stream = connected;
    private int filled;
    private string[] extensions = [];

    /// <summary>Waits for the greeting, and says hello.</summary>
    public async Task Begin(CancellationToken stop)
    {
        await Expect(220, stop);
        await SayHello(stop);
    }

    /// <exception cref="IOException">The server does not offer it: then nothing is sent.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The certificate is not that of the host.</exception>
    public async Task StartTls(string host, CancellationToken stop)
    {
        if (!Offers("STARTTLS"))
        {
            throw new IOException($"{host} does not offer encryption (STARTTLS)");
        }

        await Ask("STARTTLS", 220, stop);
        if (filled > 0)
        {
            throw new IOException($"{host} went on talking before encryption began"); // said by nobody knows whom
        }

        var encrypted = new SslStream(stream);
        stream = encrypted;
        await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, stop);
        await SayHello(stop);
    }

    /// <summary>A server that asks for no password gets none.</summary>
    public async Task Authenticate(string user, string password, CancellationToken stop)
    {
        if (Offers("AUTH", "PLAIN"))
        {
            await Ask($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", 235, stop);
        }
        else if (Offers("AUTH", "LOGIN"))
        {
            await Ask("AUTH LOGIN", 334, stop);
            await Ask(Base64(user), 334, stop);
            await Ask(Base64(password), 235, stop);
        }
    }

    /// <summary>What the server said when it took the mail.</summary>
    /// <exception cref="FormatException">An address needs what the server does not offer.</exception>
    public async Task<SmtpReply> Deliver(MimeMail mail, CancellationToken stop)
    {
        if (mail.IsInternational && !Offers("SMTPUTF8"))
        {
            throw new FormatException("the mail server takes addresses of ASCII characters only (no SMTPUTF8)");
        }

        await Ask($"MAIL FROM:<{mail.From}>{(mail.IsInternational ? " SMTPUTF8" : "")}", 250, stop);
        await Ask($"RCPT TO:<{mail.To}>", 250, stop);
        await Ask("DATA", 354, stop);
        var reply = await Ask($"{mail.Text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal)}.", 250, stop);
        return reply;
    }

    /// <summary>Ends the session politely. The mail is the server's by then: what goes wrong here is no news about it.</summary>
    public async Task Quit(CancellationToken stop)
    {
        try
        {
            await Write("QUIT", stop);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // it hung up first, or takes too long
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task SayHello(CancellationToken stop)
    {
        var reply = await Ask($"EHLO {IPGlobalProperties.GetIPGlobalProperties().HostName}", 250, stop);
        extensions = reply.Text.ToUpperInvariant().Split('\n');
    }

    private bool Offers(string extension, string parameter = "") =>
        extensions
            .Select(line => line.Split([' ', '=']))
            .Any(words => words[0] == extension && (parameter.Length == 0 || words.Contains(parameter, StringComparer.Ordinal)));

    private async Task<SmtpReply> Ask(string line, int expected, CancellationToken stop)
    {
        await Write(line, stop);
        return await Expect(expected, stop);
    }

    private async Task Write(string text, CancellationToken stop)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{text}\r\n"), stop);
        await stream.FlushAsync(stop);
    }

    /// <summary>A reply of this kind: its first two digits tell (251 and 252 are yes to a recipient, too).</summary>
    private async Task<SmtpReply> Expect(int code, CancellationToken stop)
    {
        var texts = new List<string>();
        while (texts.Count < MaxLines)
        {
            var line = await ReadLine(stop);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var said))
            {
                throw new IOException("this is no mail server: its reply has no code");
            }

            texts.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-')
            {
                var reply = new SmtpReply(said, string.Join('\n', texts));
                return said / 10 == code / 10 ? reply : throw new SmtpRefusedException(reply);
            }
        }

        throw new IOException("the mail server's reply does not end");
    }

    private async Task<string> ReadLine(CancellationToken stop)
    {
        while (true)
        {
            var end = buffer.AsSpan(0, filled).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.UTF8.GetString(buffer, 0, end).TrimEnd('\r');
                filled -= end + 1;
                buffer.AsSpan(end + 1, filled).CopyTo(buffer);
                return line;
            }

            var read =
                filled == buffer.Length
                    ? throw new IOException("the mail server's reply is too long")
                    : await stream.ReadAsync(buffer.AsMemory(filled), stop);
            filled += read > 0 ? read : throw new IOException("the mail server hung up");
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
