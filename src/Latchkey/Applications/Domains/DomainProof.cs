using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Applications.Domains;

/// <summary>
/// The proof that who asks for a name controls it: a TXT record that only its owner can set. The answers come from the owner's DNS
/// servers and are not trusted: they can only hold the text, or not.
/// </summary>
public sealed class DomainProof(InstallationSettings installation)
{
    private const string Label = "_latchkey";
    private const int MaxAliases = 8;

    /// <summary>DNS over UDP loses packets: two tries, and an end to it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TryTime = TimeSpan.FromSeconds(2);

    private readonly Lazy<LookupClient> client = new(() => new(OptionsOf(installation)));

    /// <summary>A new text for the record.</summary>
    public static string NewText() => $"latchkey={Secrets.Token()}";

    public static string RecordName(string host) => $"{Label}.{host}";

    /// <summary>Asks DNS. What is wrong, as a sentence; empty when the text is there.</summary>
    public async Task<string> FindFlaw(string host, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        var name = RecordName(host);
        try
        {
            var answer = await client.Value.QueryAsync($"{name}.", QueryType.TXT, cancellationToken: patience.Token);
            var texts = TextsOf(answer.Answers, $"{name}.").ToList();
            return answer.Header.ResponseCode is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain)
                    ? $"DNS has no answer for {name}: {answer.Header.ResponseCode}."
                : texts.Contains(text, StringComparer.Ordinal) ? ""
                : texts.Count == 0 ? $"DNS has no TXT record {name}."
                : $"DNS has a TXT record {name}, but not with this value.";
        }
        catch (Exception e) when (IsAnswersFault(e))
        {
            return $"DNS did not answer for {name}. Try again later.";
        }
    }

    /// <summary>No answer, or one that is none. The library has exceptions of its own for these, not all of them public.</summary>
    private static bool IsAnswersFault(Exception e) =>
        e
            is OperationCanceledException
                or SocketException
                or IOException
                or ArgumentException
                or InvalidOperationException
                or FormatException
        || e.GetType().Assembly == typeof(LookupClient).Assembly;

    /// <summary>The texts at a name, and at what it is an alias of (RFC 1034 §3.6.2). A record of another name says nothing.</summary>
    private static IEnumerable<string> TextsOf(IReadOnlyList<DnsResourceRecord> records, string name)
    {
        for (var alias = 0; alias <= MaxAliases; alias++)
        {
            foreach (var record in records.OfType<TxtRecord>().Where(record => IsAt(record, name)))
            {
                yield return string.Concat(record.Text);
            }

            if (records.OfType<CNameRecord>().FirstOrDefault(record => IsAt(record, name)) is not { } next)
            {
                yield break;
            }

            name = next.CanonicalName.Value;
        }
    }

    private static bool IsAt(DnsResourceRecord record, string name) =>
        record.DomainName.Value.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static LookupClientOptions OptionsOf(InstallationSettings installation)
    {
        var options = installation.DnsServers.Count > 0 ? new LookupClientOptions([.. installation.DnsServers]) : new LookupClientOptions();
        options.UseCache = false;
        options.ThrowDnsErrors = false;
        options.Timeout = TryTime;
        options.Retries = 1;
        return options;
    }
}
