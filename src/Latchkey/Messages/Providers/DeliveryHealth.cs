using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Providers;

/// <summary>How sending goes by the installation's own providers, over all applications that use them.</summary>
public sealed class DeliveryHealth(Database database, MessageStore store, ApplicationStore applications, TimeProvider clock)
{
    private const int MaxFailures = 10;
    private static readonly TimeSpan FailureWindow = TimeSpan.FromHours(24);

    /// <summary>
    /// What waits on a channel, and what was given up in the last 24 hours. A message does not say which provider it went by, so it is
    /// told by what its application uses now: a developer's dead mail server is no fault of the installation's.
    /// </summary>
    public Task<(Backlog Backlog, IReadOnlyList<MessageRow> Failed)> ForChannel(string channel) =>
        database.Read(async db =>
        {
            var since = clock.Now() - (long)FailureWindow.TotalMilliseconds;
            var others = new List<string>();
            foreach (var appId in await store.ApplicationsWithProblems(db, channel, since))
            {
                if (await applications.Find(db, appId) is { } row && MessageProviders.HasOwn(ApplicationRules.SettingsOf(row), channel))
                {
                    others.Add(appId);
                }
            }

            return (
                await store.ReadBacklog(db, channel, [.. others]),
                await store.ListFailed(db, channel, since, [.. others], MaxFailures)
            );
        });

    /// <summary>A provider in words, without its secrets.</summary>
    public static string Describe(MessageProvider? provider) =>
        provider switch
        {
            null => "None. Messages stay in the mailbox.",
            SmtpServer smtp => $"SMTP by {smtp.Host}:{smtp.Port}, {DescribeEncryption(smtp.Security)}, from {smtp.From}",
            SendGridAccount account => $"SendGrid, from {account.From}",
            TwilioAccount account => $"Twilio, from {account.From}",
            Webhook hook => $"Webhook {hook.Url.GetLeftPart(UriPartial.Authority)}",
            _ => throw new NotSupportedException(provider.GetType().Name),
        };

    private static string DescribeEncryption(SmtpSecurity security) =>
        security switch
        {
            SmtpSecurity.StartTls => "encrypted (STARTTLS)",
            SmtpSecurity.Tls => "encrypted (TLS)",
            _ => "not encrypted",
        };
}
