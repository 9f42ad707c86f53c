using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Messages.Smtp;

/// <summary>
/// Checks users for Postfix on a Unix socket, by Dovecot's authentication protocol
/// (https://doc.dovecot.org/2.3/developer_manual/design/auth_protocol/): PLAIN and LOGIN of one user. Other mechanisms are only offered.
/// </summary>
public sealed class SaslServer : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string[] mechanisms;
    private readonly (string User, string Password) known;
    private readonly Task accepting;

    public SaslServer(string path, string[] mechanisms, string user, string password)
    {
        (this.mechanisms, known) = (mechanisms, (user, password));
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        accepting = Accept();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await accepting;
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Serve(await listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task Serve(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        async Task Say(string line) => await stream.WriteAsync(Encoding.UTF8.GetBytes($"{line}\n"));
        // Postfix takes a socket for Dovecot's master's when SPID comes before the mechanisms.
        await Say($"VERSION\t1\t1\n{string.Concat(mechanisms.Select(one => $"MECH\t{one}\tplaintext\n"))}SPID\t1\nCUID\t1\nDONE");
        var user = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            var words = line.Split('\t');
            switch (words)
            {
                case ["AUTH", var id, "PLAIN", ..] when words[^1].StartsWith("resp=", StringComparison.Ordinal):
                    var plain = Decode(words[^1]["resp=".Length..]).Split('\0');
                    await Say(Verdict(id, plain[1], plain[2]));
                    break;
                case ["AUTH", var id, "LOGIN", ..] when words[^1].StartsWith("resp=", StringComparison.Ordinal):
                    user = Decode(words[^1]["resp=".Length..]);
                    await Say($"CONT\t{id}\t{Encode("Password:")}");
                    break;
                case ["AUTH", var id, "LOGIN", ..]:
                    user = "";
                    await Say($"CONT\t{id}\t{Encode("Username:")}");
                    break;
                case ["CONT", var id, var given] when user.Length == 0:
                    user = Decode(given);
                    await Say($"CONT\t{id}\t{Encode("Password:")}");
                    break;
                case ["CONT", var id, var given]:
                    await Say(Verdict(id, user, Decode(given)));
                    break;
                case ["AUTH", var id, ..]:
                    await Say($"FAIL\t{id}");
                    break;
                default:
                    break; // VERSION, CPID
            }
        }
    }

    private string Verdict(string id, string user, string password) =>
        (user, password) == known ? $"OK\t{id}\tuser={user}" : $"FAIL\t{id}\tuser={user}";

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decode(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));
}
