using System.Net;
using System.Net.Sockets;
using Latchkey.Core.Configuration;

namespace Latchkey.Messages.Mail;

/// <summary>
/// The name for HELO/EHLO (RFC 5321, 4.1.1.1). Many mail servers refuse a name without a dot, so these are tried in turn: the name the
/// operator set, the machine's full name, the host of the public URL, the local address of the connection.
/// </summary>
/// <param name="findMachineName">Finds the machine's name; the system's resolver by default.</param>
public sealed class HeloName(InstallationSettings installation, Func<Task<string>>? findMachineName = null)
{
    private readonly Lazy<Task<string?>> machineName = new(() => FindFullName(findMachineName ?? AskResolver));

    /// <param name="local">The local address of the connection.</param>
    public async Task<string> ForConnection(IPAddress local, CancellationToken stop) =>
        installation.SmtpHelo.Length > 0 ? installation.SmtpHelo
        : await machineName.Value.WaitAsync(stop) is { } name ? name
        : new Uri(installation.PublicUrl).IdnHost is var host && HostName.IsFull(host) ? host
        : HostName.AddressLiteral(local);

    private static async Task<string?> FindFullName(Func<Task<string>> find)
    {
        try
        {
            var name = (await find()).TrimEnd('.');
            return HostName.IsFull(name) ? name : null;
        }
        catch (SocketException)
        {
            return null; // the machine's own name does not resolve
        }
    }

    /// <summary>The same name as <c>hostname --fqdn</c>.</summary>
    private static async Task<string> AskResolver()
    {
        var name = Dns.GetHostName();
        return HostName.IsFull(name) ? name : (await Dns.GetHostEntryAsync(name)).HostName;
    }
}
