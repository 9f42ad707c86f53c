using System.Text;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Applications.MessageProviders;

/// <summary>
/// The installation's own mail and SMS providers, from memory: those of the server's variables, which win, else those that an operator set
/// in the portal. A change by this process is visible immediately, one by another within a second
/// (<see cref="InstallationProviderReloader"/>).
/// </summary>
public sealed class InstallationProviders(
    InstallationSettings installation,
    Database database,
    InstallationProviderStore store,
    KeyRing ring
)
{
    private volatile IReadOnlyDictionary<ProviderChannel, StoredProvider> stored = new Dictionary<ProviderChannel, StoredProvider>();

    /// <summary>The provider of mails; null leaves them in the mailbox.</summary>
    public MessageProvider? Mail => Find(ProviderChannel.Mail);

    /// <summary>The provider of SMS; null leaves them in the mailbox.</summary>
    public MessageProvider? Sms => Find(ProviderChannel.Sms);

    public MessageProvider? Find(ProviderChannel channel) => OfVariables(channel) ?? stored.GetValueOrDefault(channel)?.Provider;

    /// <summary>Whether the server's variables set the provider, so that nothing else can.</summary>
    public bool IsSetByVariables(ProviderChannel channel) => OfVariables(channel) is not null;

    /// <summary>What an operator set, by the names of <see cref="ProviderKind.Fields"/>, with secrets; empty for nothing.</summary>
    public IReadOnlyDictionary<string, string> Values(ProviderChannel channel) =>
        stored.GetValueOrDefault(channel)?.Values ?? new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether an operator set a provider that this server cannot read, as its key ring lacks the key.</summary>
    public bool IsUnreadable(ProviderChannel channel) => stored.GetValueOrDefault(channel) is { Provider: null };

    /// <summary>Reads what operators set.</summary>
    public async Task Load()
    {
        var rows = await database.Read(store.Read);
        stored = Enum.GetValues<ProviderChannel>()
            .Where(channel => rows.ContainsKey(InstallationProviderStore.NameOf(channel)))
            .ToDictionary(channel => channel, channel => Open(channel, rows[InstallationProviderStore.NameOf(channel)]));
    }

    /// <summary>The provider with these settings; null for none.</summary>
    /// <exception cref="InvalidSettingException">The settings are incomplete or wrong.</exception>
    public MessageProvider? Create(ProviderChannel channel, IReadOnlyDictionary<string, string> values)
    {
        return channel == ProviderChannel.Mail ? ProviderReader.Mail(Text) : ProviderReader.Sms(Text);

        string? Text(string name) =>
            name switch
            {
                "SENDGRID_URL" => installation.SendGridUrl.AbsoluteUri,
                "TWILIO_URL" => installation.TwilioUrl.AbsoluteUri,
                _ => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null,
            };
    }

    private MessageProvider? OfVariables(ProviderChannel channel) => channel == ProviderChannel.Mail ? installation.Mail : installation.Sms;

    private StoredProvider Open(ProviderChannel channel, string text)
    {
        var lines = ring.TryOpen(InstallationProviderStore.NameOf(channel), text);
        var values = NameValueLines.Parse(lines is null ? "" : Encoding.UTF8.GetString(lines));
        return new StoredProvider(values, lines is null ? null : Create(channel, values));
    }

    private sealed record StoredProvider(IReadOnlyDictionary<string, string> Values, MessageProvider? Provider);
}
