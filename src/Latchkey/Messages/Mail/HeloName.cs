using System.Net;
using System.Net.Sockets;
using Latchkey.Core.Configuration;

namespace Latchkey.Messages.Mail;

/// <summary>
/// How this machine introduces itself to mail servers (RFC 5321, 4.1.1.1), many of which refuse a name without a dot: by the name that
/// the operator set, else the machine's full name, else the public URL's host, else the address that the connection comes from.
/// </summary>
/// <param name="findMachineName">Finds the machine's name; the system's resolver unless something else is given.</param>
public sealed class HeloName(InstallationSettings installation, Func<Task<string>>? findMachineName = null)
{
    private readonly Lazy<Task<string?>> machineName = new(() => FindFullName(findMachineName ?? AskResolver));

    /// <param name="local">This end of the connection.</param>
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
            return null; // the machine's own name has no address
        }
    }

    /// <summary>As <c>hostname --fqdn</c> does.</summary>
    private static async Task<string> AskResolver()
    {
        var name = Dns.GetHostName();
        return HostName.IsFull(name) ? name : (await Dns.GetHostEntryAsync(name)).HostName;
    }
}
