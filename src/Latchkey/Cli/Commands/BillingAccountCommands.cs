using System.CommandLine;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Billing;
using Latchkey.Billing.Accounts;
using Latchkey.Core;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey billing account …</summary>
public static class BillingAccountCommands
{
    internal static readonly Argument<string> Account = new("ACCOUNT") { Description = "The billing account's id." };
    private static readonly Option<string?> Name = new("--name") { Description = "A company's or a person's name.", HelpName = "TEXT" };
    private static readonly Option<string?> Address = new("--address")
    {
        Description = "The lines of the postal address, separated by semicolons.",
        HelpName = "LINES",
    };
    private static readonly Option<string?> TaxId = new("--tax-id") { Description = "The tax number.", HelpName = "TEXT" };
    private static readonly Option<string?> Email = new("--email") { Description = "Where invoices are mailed.", HelpName = "ADDRESS" };
    private static readonly Option<string?> Language = new("--language")
    {
        Description = "Its language, such as EN or DE.",
        HelpName = "CODE",
    };

    public static Command Create() =>
        new("account", "Manage who pays for applications.")
        {
            Make(),
            List(),
            Show(),
            Set(),
            BillingAccountMemberCommands.AddDeveloper(),
            BillingAccountMemberCommands.RemoveDeveloper(),
            BillingAccountMemberCommands.Assign(),
            BillingAccountMemberCommands.Budget(),
        };

    private static Command Make()
    {
        var currency = new Option<string>("--currency")
        {
            Description = "The currency of its plans and invoices, such as EUR. It never changes.",
            Required = true,
            HelpName = "CODE",
        };
        var command = new Command("create", "Create a billing account. Prints its id.") { Name, Address, TaxId, Email, Language, currency };
        command.SetBillingHandler(async context =>
        {
            var account = Change(context, new BillingAccount { Language = "EN", Currency = context.Parsed.GetRequiredValue(currency) });
            if ((await context.Get<BillingAccountRules>().Create(account, Actor.CommandLine)).Failed(out var made, out var refused))
            {
                return await context.Fail(refused);
            }

            await context.Output.WriteLineAsync(made.Id);
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the billing accounts.") { json };
        command.SetBillingHandler(async context =>
        {
            var accounts = await context.Get<BillingAccountRules>().List();
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.WriteList(accounts, Write)
                    : string.Join('\n', accounts.Select(account => $"{account.Id}  {account.Currency}  {account.Name}  {account.Email}"))
            );
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("show", "Show a billing account with its developers.") { Account, json };
        command.SetBillingHandler(async context =>
        {
            var rules = context.Get<BillingAccountRules>();
            if ((await rules.Find(context.Parsed.GetRequiredValue(Account))).Failed(out var account, out var refused))
            {
                return await context.Fail(refused);
            }

            var developers = await rules.DeveloperEmails(account.Id);
            await context.Output.WriteLineAsync(context.Parsed.GetValue(json) ? Json(account, developers) : Text(account, developers));
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var command = new Command("set", "Change a billing account. Invoices that are open stay as they are.")
        {
            Account,
            Name,
            Address,
            TaxId,
            Email,
            Language,
        };
        command.SetBillingHandler(async context =>
            await context.End(
                await context
                    .Get<BillingAccountRules>()
                    .Change(context.Parsed.GetRequiredValue(Account), account => Change(context, account), Actor.CommandLine)
            )
        );
        return command;
    }

    private static BillingAccount Change(CommandContext context, BillingAccount account) =>
        account with
        {
            Name = context.Parsed.GetValue(Name) ?? account.Name,
            Address = context.Parsed.GetValue(Address)?.Replace(';', '\n') ?? account.Address,
            TaxId = context.Parsed.GetValue(TaxId) ?? account.TaxId,
            Email = context.Parsed.GetValue(Email) ?? account.Email,
            Language = context.Parsed.GetValue(Language) ?? account.Language,
        };

    private static string Text(BillingAccount account, IReadOnlyList<string> developers) =>
        $"""
            {account.Name}
            {account.Address.Replace("\n", ", ", StringComparison.Ordinal)}
            tax number  {account.TaxId}
            mail        {account.Email}
            language    {account.Language}
            currency    {account.Currency}
            budget      {BudgetOf(account) ?? "none"}{(account.BudgetStops ? ", then inactive" : "")}
            developers  {string.Join(", ", developers)}
            """;

    private static string? BudgetOf(BillingAccount account) =>
        account.Budget is { } budget ? new Money(budget, Currency.FromStored(account.Currency)).ToDecimalText() : null;

    private static string Json(BillingAccount account, IReadOnlyList<string> developers) =>
        CliJson.Write(json =>
        {
            json.WriteStartObject();
            Write(json, account);
            json.WriteStartArray("developers");
            foreach (var email in developers)
            {
                json.WriteStringValue(email);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter json, BillingAccount account)
    {
        json.WriteString("id", account.Id);
        json.WriteString("name", account.Name);
        json.WriteString("address", account.Address);
        json.WriteString("taxId", account.TaxId);
        json.WriteString("email", account.Email);
        json.WriteString("language", account.Language);
        json.WriteString("currency", account.Currency);
        json.WriteString("budget", BudgetOf(account));
        json.WriteBoolean("budgetStops", account.BudgetStops);
        json.WriteString("createdAt", WireDate.Format(account.CreatedAt));
    }
}
