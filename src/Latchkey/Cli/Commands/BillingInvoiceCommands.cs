using System.CommandLine;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Billing.Invoices;
using Latchkey.Core;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey billing invoice …</summary>
public static class BillingInvoiceCommands
{
    private static readonly Argument<string> Invoice = new("INVOICE") { Description = "The invoice's number or id." };

    public static Command Create() =>
        new("invoice", "Manage invoices and credit notes.") { List(), Show(), Pay(), Void(), GiveUp(), Credit() };

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var account = new Option<string?>("--account") { Description = "Of one billing account.", HelpName = "ACCOUNT" };
        var status = new Option<string?>("--status")
        {
            Description = $"One of {string.Join(", ", EnumNames.All<InvoiceStatus>())}.",
            HelpName = "STATUS",
        };
        var command = new Command("list", $"List invoices and credit notes, newest first, up to {InvoiceRules.MaxListed}.")
        {
            account,
            status,
            json,
        };
        command.SetBillingHandler(async context =>
        {
            var invoices = await context.Get<InvoiceRules>().List(context.Parsed.GetValue(account), context.Parsed.GetValue(status));
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json) ? CliJson.WriteList(invoices, Write) : string.Join('\n', invoices.Select(Text))
            );
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var formats = InvoiceFile
            .Formats.Select(format => (Format: format, Option: new Option<string?>($"--{format}") { HelpName = "FILE" }))
            .ToList();
        formats.ForEach(one => one.Option.Description = $"Write it to a file as {one.Format.ToUpperInvariant()} instead.");
        var command = new Command("show", "Show an invoice or credit note as JSON, as it was opened.") { Invoice };
        formats.ForEach(one => command.Add(one.Option));
        command.SetBillingHandler(async context =>
        {
            var rules = context.Get<InvoiceRules>();
            if ((await rules.Find(context.Parsed.GetRequiredValue(Invoice))).Failed(out var invoice, out var refused))
            {
                return await context.Fail(refused);
            }

            var printed = await rules.Document(invoice);
            foreach (var (format, option) in formats)
            {
                if (context.Parsed.GetValue(option) is { } path)
                {
                    return await Write(context, printed, format, path);
                }
            }

            using var document = JsonDocument.Parse(printed.ToJson());
            await context.Output.WriteLineAsync(CliJson.Write(document.RootElement.WriteTo));
            return 0;
        });
        return command;
    }

    private static async Task<int> Write(CommandContext context, InvoiceDocument document, string format, string path)
    {
        if (InvoiceFile.Of(document, format).Failed(out var made, out var refused))
        {
            return await context.Fail(refused);
        }

        using var file = OutputFile.Create(path, overwrite: true);
        await file.Content.WriteAsync(made.Content);
        file.Publish();
        return 0;
    }

    private static Command Pay()
    {
        var reference = new Option<string>("--reference")
        {
            Description = "The bank's reference of the payment.",
            Required = true,
            HelpName = "TEXT",
        };
        var command = new Command("pay", "Mark an invoice as paid in full. Applications that it suspended are active again.")
        {
            Invoice,
            reference,
        };
        command.SetBillingHandler(async context =>
            await context.End(
                await context
                    .Get<InvoiceRules>()
                    .Pay(
                        context.Parsed.GetRequiredValue(Invoice),
                        new Payment { Reference = context.Parsed.GetRequiredValue(reference) },
                        Actor.CommandLine
                    )
            )
        );
        return command;
    }

    private static Command Void()
    {
        var command = new Command("void", "Withdraw a draft, or an open invoice that was a mistake.") { Invoice };
        command.SetBillingHandler(async context =>
            await context.End(await context.Get<InvoiceRules>().Void(context.Parsed.GetRequiredValue(Invoice), Actor.CommandLine))
        );
        return command;
    }

    private static Command GiveUp()
    {
        var command = new Command("give-up", "Mark an open invoice as uncollectible. Suspended applications stay suspended.") { Invoice };
        command.SetBillingHandler(async context =>
            await context.End(await context.Get<InvoiceRules>().GiveUp(context.Parsed.GetRequiredValue(Invoice), Actor.CommandLine))
        );
        return command;
    }

    private static Command Credit()
    {
        var reason = new Option<string>("--reason")
        {
            Description = "Printed on the credit note.",
            Required = true,
            HelpName = "TEXT",
        };
        var command = new Command("credit", "Take a whole invoice back with a credit note. Prints the credit note's number.")
        {
            Invoice,
            reason,
        };
        command.SetBillingHandler(async context =>
        {
            var credited = await context
                .Get<InvoiceRules>()
                .Credit(context.Parsed.GetRequiredValue(Invoice), context.Parsed.GetRequiredValue(reason), Actor.CommandLine);
            if (credited.Failed(out var note, out var refused))
            {
                return await context.Fail(refused);
            }

            await context.Output.WriteLineAsync(note.Number);
            return 0;
        });
        return command;
    }

    private static string Text(Invoice invoice) =>
        $"{invoice.Number ?? invoice.Id, -12}  {invoice.Service}  {invoice.Status, -13}  {invoice.TotalMoney, 16}  {invoice.AccountId}"
        + (invoice.DueAt is { } due ? $"  due {WireDate.Format(due)[..10]}" : "");

    private static void Write(Utf8JsonWriter json, Invoice invoice)
    {
        json.WriteString("id", invoice.Id);
        json.WriteString("kind", invoice.Kind);
        json.WriteString("number", invoice.Number);
        json.WriteString("accountId", invoice.AccountId);
        json.WriteString("month", invoice.Service.ToString());
        json.WriteString("status", invoice.Status);
        json.WriteString("currency", invoice.Currency);
        json.WriteNumber("net", invoice.Net);
        json.WriteNumber("tax", invoice.Tax);
        json.WriteNumber("total", invoice.Total);
        json.WriteString("openedAt", invoice.OpenedAt is { } opened ? WireDate.Format(opened) : null);
        json.WriteString("dueAt", invoice.DueAt is { } due ? WireDate.Format(due) : null);
        json.WriteNumber("reminders", invoice.Reminders);
    }
}
