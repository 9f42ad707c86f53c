using Latchkey.Data;
using Latchkey.Messages.Mail;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;
using Latchkey.Messages.Templates;

namespace Latchkey.Messages;

/// <summary>Services for mails and SMS: templates, the outbox and the providers.</summary>
public static class MessagesServices
{
    public static IServiceCollection AddMessages(this IServiceCollection services) =>
        services
            .AddSingleton<MessageStore>()
            .AddSingleton<DeliveryHealth>()
            .AddSingleton<MessageProviders>()
            .AddSingleton<MailRoutes>()
            .AddSingleton<MessageOutbox>()
            .AddSingleton<MessageComposer>()
            .AddSingleton<UserMessenger>()
            .AddSingleton<MessageBudget>()
            .AddSingleton<MessageLimits>()
            .AddSingleton<OutboundConnections>()
            .AddSingleton<HttpDelivery>()
            .AddSingleton<HeloName>()
            .AddSingleton<SmtpSender>()
            .AddSingleton<SendGridSender>()
            .AddSingleton<TwilioSender>()
            .AddSingleton<WebhookSender>()
            .AddSingleton<MessageSenders>()
            .AddSingleton<MessageDispatcher>()
            .AddSingleton<Mailbox>()
            .AddSingleton<DeliveryLogStore>()
            .AddSingleton<DeliveryLog>()
            .AddSingleton<TemplateRules>()
            .AddSingleton<TestMessageSender>()
            .AddSingleton<PortalMailer>()
            .AddRetention<MessageStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveOlder(db, run.LogsBefore, RetentionRun.BatchSize))
            );
}
