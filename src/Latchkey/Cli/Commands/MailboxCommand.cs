using System.CommandLine;
using Latchkey.Core;
using Latchkey.Messages.Outbox;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey mailbox</summary>
public static class MailboxCommand
{
    private const int MaxMessages = 200;

    public static Command Create()
    {
        var app = new Option<string?>("--app") { Description = "Only messages of this application.", HelpName = "APPID" };
        var to = new Option<string?>("--to") { Description = "Only messages to this address.", HelpName = "ADDRESS" };
        var json = LatchkeyCommand.JsonOption();
        var command = new Command(
            "mailbox",
            $"Show up to {MaxMessages} messages that were kept because no mail provider is set up, newest first."
        )
        {
            app,
            to,
            json,
        };
        command.SetHandler(async context =>
        {
            var messages = await context.Get<Mailbox>().List(context.Parsed.GetValue(app), context.Parsed.GetValue(to), MaxMessages);
            await context.Output.WriteLineAsync(context.Parsed.GetValue(json) ? Json(messages) : Text(messages));
            return 0;
        });
        return command;
    }

    private static string Json(IReadOnlyList<MailboxMessage> messages) =>
        CliJson.WriteList(
            messages,
            (json, item) =>
            {
                var (envelope, body) = item;
                json.WriteString("to", envelope.Recipient);
                json.WriteString("kind", envelope.Kind);
                json.WriteString("subject", body.Subject);
                json.WriteString("code", body.Code);
                json.WriteString("link", body.Link);
                json.WriteString("text", body.Text);
                json.WriteString("html", body.Html);
                json.WriteString("at", WireDate.Format(envelope.CreatedAt));
            }
        );

    private static string Text(IReadOnlyList<MailboxMessage> messages) =>
        messages.Count == 0
            ? "The mailbox is empty."
            : string.Join(
                "\n",
                messages.Select(m =>
                    $"{WireDate.Format(m.Envelope.CreatedAt)}  {m.Envelope.Recipient}  {m.Body.Subject}\n\n{Indented(m.Body.Text)}\n"
                )
            );

    private static string Indented(string text) => string.Join('\n', text.TrimEnd().Split('\n').Select(line => $"    {line}"));
}
