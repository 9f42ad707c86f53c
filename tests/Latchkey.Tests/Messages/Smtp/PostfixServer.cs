using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Latchkey.Tests.Messages.Smtp;

/// <summary>
/// A real Postfix in a temporary folder, with its own queue, certificate and users. It refuses a client without a full name, and takes mail
/// for example.com, from users who have logged in only.
/// </summary>
public sealed class PostfixServer : IAsyncDisposable
{
    public const string User = "demo";
    public const string Password = "a secret";
    private const string Name = "mail.latchkey.example";

    private readonly string folder;
    private readonly SaslServer users;
    private readonly ChildProcess process;

    private PostfixServer(string folder, SaslServer users, ChildProcess process, int port, int tlsPort) =>
        (this.folder, this.users, this.process, Port, TlsPort) = (folder, users, process, port, tlsPort);

    /// <summary>The port of STARTTLS.</summary>
    public int Port { get; }

    /// <summary>The port of implicit TLS.</summary>
    public int TlsPort { get; }

    /// <summary>The authority that vouches for its certificate, which is for localhost.</summary>
    public string AuthorityFile => At("ca.pem");

    public IReadOnlyCollection<string> Log => process.Lines;

    /// <summary>The mails that it has delivered, as they lie in the mailbox.</summary>
    public IReadOnlyList<string> Mails =>
        Directory.Exists(At("mail/all/new")) ? [.. Directory.EnumerateFiles(At("mail/all/new")).Select(File.ReadAllText)] : [];

    /// <summary>It offers PLAIN and LOGIN.</summary>
    public static Task<PostfixServer> Start() => Start(["PLAIN", "LOGIN"]);

    /// <param name="mechanisms">The SASL mechanisms that it offers.</param>
    public static async Task<PostfixServer> Start(string[] mechanisms)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Postfix's master process runs as root only; run the tests as root.");
        var folder = Directory.CreateTempSubdirectory("latchkey-postfix-").FullName;
        var (port, tlsPort) = (FreePort.Find(), FreePort.Find());
        foreach (var name in new[] { "conf", "queue", "data", "mail" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        await LocalhostCertificate.Write(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "conf/main.cf"), MainConfiguration(folder));
        await File.WriteAllTextAsync(Path.Combine(folder, "conf/master.cf"), MasterConfiguration(port, tlsPort));
        var users = new SaslServer(Path.Combine(folder, "users"), mechanisms, User, Password);
        await ChildProcess.Run("/bin/chown", "-R", "postfix", $"{folder}/data", $"{folder}/mail", $"{folder}/users");
        await ChildProcess.Run("/bin/chmod", "755", folder);
        var server = new PostfixServer(
            folder,
            users,
            ChildProcess.Start("/usr/sbin/postfix", ["-c", $"{folder}/conf", "start-fg"]),
            port,
            tlsPort
        );
        await WaitUntil.IsTrue("Postfix listens", async () => await server.Listens(port) && await server.Listens(tlsPort));
        return server;
    }

    /// <summary>An application's settings for it, logged in and by STARTTLS.</summary>
    public string[] Settings(params string[] others) =>
        [
            "emailExtension=1",
            "mailFrom=demo@example.com",
            "smtpHost=localhost",
            $"smtpUser={User}",
            $"smtpPassword={Password}",
            .. others,
            .. others.Any(setting => setting.StartsWith("smtpPort", StringComparison.Ordinal))
                ? Array.Empty<string>()
                : [$"smtpPort={Port}"],
        ];

    public Task<string> FirstMail() =>
        WaitUntil.IsNotNull("a mail is delivered", () => Task.FromResult(Mails is [var first, ..] ? first : null));

    /// <summary>Its master ends its other processes.</summary>
    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', Log)); // shown when the test fails
        await ChildProcess.Run("/usr/sbin/postfix", "-c", At("conf"), "stop");
        await process.WaitForExit();
        await process.DisposeAsync();
        await users.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> Listens(int port)
    {
        if (process.HasExited)
        {
            throw new InvalidOperationException($"Postfix ended: {string.Join('\n', Log)}");
        }

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string At(string file) => Path.Combine(folder, file);

    private static string MainConfiguration(string folder) =>
        $"""
            compatibility_level = 3.6
            queue_directory = {folder}/queue
            data_directory = {folder}/data
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            maillog_file = /dev/stdout
            myhostname = {Name}
            mydestination =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            virtual_mailbox_domains = example.com
            virtual_mailbox_base = {folder}/mail
            virtual_mailbox_maps = static:all/
            virtual_uid_maps = static:{PostfixId("-u")}
            virtual_gid_maps = static:{PostfixId("-g")}
            virtual_minimum_uid = 1
            smtpd_helo_required = yes
            smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname
            smtpd_recipient_restrictions = permit_sasl_authenticated, reject
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = {folder}/cert.pem
            smtpd_tls_key_file = {folder}/key.pem
            smtpd_tls_received_header = yes
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {folder}/users
            smtpd_sasl_authenticated_header = yes
            alias_maps =

            """;

    private static string MasterConfiguration(int port, int tlsPort) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {port} inet n - n - - smtpd
            {tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            proxymap unix - - n - - proxymap
            error unix - - n - - error
            retry unix - - n - - error
            virtual unix - n n - - virtual
            anvil unix - - n - 1 anvil
            postlog unix-dgram n - n - 1 postlogd

            """
        );

    private static string PostfixId(string which) => ChildProcess.Run("/usr/bin/id", which, "postfix").GetAwaiter().GetResult().Trim();
}
