using System.Net;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;

namespace Latchkey.Portal.Settings;

/// <summary>Tries an application's mail or SMS settings with one message that goes out now.</summary>
public sealed class SettingsTestSender(ApplicationCache applications, TestMessageSender tests)
{
    /// <summary>The provider's response. 602 for an invalid recipient, 703 with the reason as cause, 700 after too many messages.</summary>
    /// <param name="appId">Whose settings.</param>
    /// <param name="channel">A <see cref="MessageChannel"/>.</param>
    /// <param name="recipient">An address or a number, as it was typed.</param>
    /// <param name="developer">The developer's e-mail address.</param>
    /// <param name="client">Where the developer's request came from.</param>
    public async Task<Result<TestMessageResult>> Send(string appId, string channel, string recipient, string developer, string client)
    {
        if (ParseRecipient(channel, recipient).Failed(out var address, out var notOne))
        {
            return notOne;
        }

        if (await applications.Find(appId) is not { } application)
        {
            return ErrorCodes.AppNoLongerExists;
        }

        if (channel == MessageChannel.Email && MessageProviders.DescribeMissingMailSetting(application.Settings) is { } missing)
        {
            return ErrorCodes.MessageNotSent.WithCause(missing);
        }

        return await tests.Send(
            application,
            developer,
            address,
            channel == MessageChannel.Sms ? MessageKind.Sms : MessageKind.Test,
            CreateBody(application.Name, channel),
            client
        );
    }

    /// <summary>A checked address or number; 602 with a sentence for the person who typed it.</summary>
    public static Result<string> ParseRecipient(string channel, string text)
    {
        if (channel == MessageChannel.Sms)
        {
            var (number, refusal) = PhoneNumber.ParseTyped(text);
            return refusal is null ? number.Text : refusal;
        }

        return Handle.ParseEmail(text) is { Succeeded: true } address
            ? address.Value.Text
            : ErrorCodes.InvalidData with
            {
                Message = "This is not an e-mail address.",
            };
    }

    /// <param name="sender">Who seems to send it.</param>
    public static MessageBody CreateBody(string sender, string channel)
    {
        var text = $"This is a test message from {sender}. If you can read it, sending works.";
        return channel == MessageChannel.Sms
            ? new MessageBody("", text, "", null, null)
            : new MessageBody($"Test mail from {sender}", text, $"<p>{WebUtility.HtmlEncode(text)}</p>", null, null);
    }
}
