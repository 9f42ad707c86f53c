using System.CommandLine;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Applications.Settings;
using Latchkey.Billing;
using Latchkey.Billing.Statements;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey billing …</summary>
public static class BillingCommands
{
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };

    internal static Error Off =>
        Setting.Invalid("Billing is off. To charge for applications, set LATCHKEY_BILLING to on (docs/operations.md).");

    public static Command Create() =>
        new("billing", "Charge for applications by use (LATCHKEY_BILLING=on).")
        {
            BillingPlanCommands.Create(),
            BillingAccountCommands.Create(),
            BillingInvoiceCommands.Create(),
            Usage(),
            Run(),
        };

    /// <summary>As <see cref="LatchkeyCommand.SetHandler"/>; while billing is off, the command only says so.</summary>
    internal static void SetBillingHandler(this Command command, Func<CommandContext, Task<int>> work) =>
        command.SetHandler(context => context.Get<InstallationSettings>().Billing is null ? context.Fail(Off) : work(context));

    private static Command Usage()
    {
        var month = new Option<string?>("--month") { Description = "A month such as 2026-11. Default: this month.", HelpName = "MONTH" };
        var verify = new Option<bool>("--verify")
        {
            Description = "Compute a closed month again from the events, and compare it with its statement, byte for byte.",
        };
        var command = new Command("usage", "Show what an application used in a month and what it costs, as JSON.") { AppId, month, verify };
        command.SetBillingHandler(async context =>
        {
            var appId = context.Parsed.GetRequiredValue(AppId);
            var now = CalendarMonth.Of(context.Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds());
            if ((context.Parsed.GetValue(month) is { } text ? CalendarMonth.Parse(text) : now) is not { } chosen)
            {
                return await context.Fail(Setting.Invalid("A month is written as 2026-11."));
            }

            var closing = context.Get<MonthClosing>();
            return context.Parsed.GetValue(verify)
                ? await Verify(context, await closing.Recompute(appId, chosen))
                : await Show(context, await closing.Read(appId, chosen));
        });
        return command;
    }

    private static async Task<int> Show(CommandContext context, string? document)
    {
        if (document is null)
        {
            return await context.Fail(Setting.Invalid("No billing account paid for this application in that month."));
        }

        using var json = JsonDocument.Parse(document);
        await context.Output.WriteLineAsync(CliJson.Write(json.RootElement.WriteTo));
        return 0;
    }

    private static async Task<int> Verify(CommandContext context, (string? Stored, string? Computed) month)
    {
        if (month.Stored is null)
        {
            return await context.Fail(Setting.Invalid("This month of the application is not closed."));
        }

        if (month.Stored != month.Computed)
        {
            return await context.Fail(Setting.Invalid("The statement differs from what the events give now. Were events removed?"));
        }

        await context.Output.WriteLineAsync("The statement is what the events give.");
        return 0;
    }

    private static Command Run()
    {
        var command = new Command(
            "run",
            "Close ended months, send invoices and reminders, watch budgets. Servers do this every five minutes by themselves."
        );
        command.SetBillingHandler(async context =>
        {
            var failures = await context.Get<BillingRun>().Run(Actor.CommandLine);
            foreach (var failure in failures)
            {
                await context.Error.WriteLineAsync($"latchkey: cannot {failure.Work}: {failure.Reason.Message}");
            }

            return failures.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
