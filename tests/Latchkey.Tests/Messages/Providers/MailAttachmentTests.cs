using System.Text;
using System.Text.Json;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Mail;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;
using MimeKit;

namespace Latchkey.Tests.Messages.Providers;

/// <summary>A file that comes with a mail reaches every kind of provider as it is.</summary>
public sealed class MailAttachmentTests : IAsyncLifetime
{
    private static readonly byte[] File = [.. "%PDF-1.7 "u8, 0, 255, 13, 10];

    private static readonly OutgoingMessage Message = new(
        "0197a3c8-7c1e-7d30-9b1e-3a52f1f0c001",
        MessageChannel.Email,
        "portalInvoice",
        null,
        "Latchkey",
        "ana@lima.example",
        new MessageBody("Invoice", "text", "<p>html</p>", null, null)
        {
            Attachment = new MailAttachment("INV-000001.pdf", "application/pdf", Convert.ToBase64String(File)),
        }
    );

    private readonly HttpDelivery http = new(new OutboundConnections(new InstallationSettings()));
    private FakeProviders providers = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => providers = await FakeProviders.Start();

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await providers.DisposeAsync();
    }

    [Fact]
    public async Task By_smtp()
    {
        using var written = new MemoryStream();
        await MailMessage.Create("billing@nordlicht.example", Message, DateTimeOffset.UnixEpoch).Mime.WriteToAsync(written, Stop);
        Encoding.Latin1.GetString(written.ToArray()).Split('\n').ShouldAllBe(line => line.Length < 1000);
        written.Position = 0;
        var read = await MimeMessage.LoadAsync(written, Stop);
        read.TextBody.ShouldBe("text");
        read.HtmlBody.ShouldBe("<p>html</p>");
        var part = read.Attachments.ShouldHaveSingleItem().ShouldBeOfType<MimePart>();
        part.FileName.ShouldBe("INV-000001.pdf");
        part.ContentType.MimeType.ShouldBe("application/pdf");
        using var content = new MemoryStream();
        await part.Content!.DecodeToAsync(content, Stop);
        content.ToArray().ShouldBe(File);
    }

    [Fact]
    public async Task By_sendgrid()
    {
        var account = new SendGridAccount(providers.Address, FakeProviders.SendGridKey, "billing@nordlicht.example");
        (await new SendGridSender(http).Send(account, Message, Stop)).Result.ShouldBe(DeliveryResult.Accepted);
        var file = Received().GetProperty("attachments")[0];
        file.GetProperty("disposition").GetString().ShouldBe("attachment");
        file.GetProperty("filename").GetString().ShouldBe("INV-000001.pdf");
        file.GetProperty("type").GetString().ShouldBe("application/pdf");
        file.GetProperty("content").GetBytesFromBase64().ShouldBe(File);
    }

    [Fact]
    public async Task By_sendgrid_the_type_is_sent_without_the_charset_that_it_refuses()
    {
        var account = new SendGridAccount(providers.Address, FakeProviders.SendGridKey, "billing@nordlicht.example");
        var page = new MailAttachment("INV-000001.html", "text/html; charset=utf-8", Convert.ToBase64String(File));
        var message = Message with { Body = Message.Body with { Attachment = page } };
        (await new SendGridSender(http).Send(account, message, Stop)).Result.ShouldBe(DeliveryResult.Accepted);
        Received().GetProperty("attachments")[0].GetProperty("type").GetString().ShouldBe("text/html");
    }

    [Fact]
    public async Task By_webhook()
    {
        var hook = new Webhook(providers.WebhookUrl, FakeProviders.HookSecret);
        (await new WebhookSender(http, TimeProvider.System).Send(hook, Message, Stop)).Result.ShouldBe(DeliveryResult.Accepted);
        var file = Received().GetProperty("attachment");
        file.GetProperty("name").GetString().ShouldBe("INV-000001.pdf");
        file.GetProperty("contentType").GetString().ShouldBe("application/pdf");
        file.GetProperty("content").GetBytesFromBase64().ShouldBe(File);
    }

    private JsonElement Received() => JsonDocument.Parse(providers.Received.ShouldHaveSingleItem().Raw).RootElement;
}
