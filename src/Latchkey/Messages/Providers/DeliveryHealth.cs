using Latchkey.Applications;
using Latchkey.Applications.Status;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Providers;

/// <summary>The health of delivery through the installation's own providers, over all applications that use them.</summary>
public sealed class DeliveryHealth(Database database, MessageStore store, ApplicationStore applications, TimeProvider clock)
{
    private const int MaxFailures = 10;
    private static readonly TimeSpan FailureWindow = TimeSpan.FromHours(24);

    /// <summary>
    /// The waiting messages of a channel, and those that failed in the last 24 hours. Messages do not record their provider, so
    /// applications that now use their own are excluded: a developer's dead mail server is not the installation's problem. So are those
    /// that the operator stopped.
    /// </summary>
    public Task<(Backlog Backlog, IReadOnlyList<MessageRow> Failed)> ForChannel(string channel) =>
        database.Read(async db =>
        {
            var since = clock.Now() - (long)FailureWindow.TotalMilliseconds;
            var others = new List<string>();
            foreach (var appId in await store.ApplicationsWithProblems(db, channel, since))
            {
                if (
                    await applications.Find(db, appId) is { } row
                    && (
                        MessageProviders.HasOwn(ApplicationRules.SettingsOf(row), channel)
                        || ApplicationStatusRules.IsSuspendedOrBlocked(row.Status)
                    )
                )
                {
                    others.Add(appId);
                }
            }

            return (
                await store.ReadBacklog(db, channel, [.. others]),
                await store.ListFailed(db, channel, since, [.. others], MaxFailures)
            );
        });

    /// <summary>Describes a provider without its secrets.</summary>
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
