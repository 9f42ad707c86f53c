using System.CommandLine;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Billing;
using Latchkey.Billing.Plans;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey billing plan …</summary>
public static class BillingPlanCommands
{
    private static readonly Argument<string> Plan = new("PLAN") { Description = "The plan's name or id." };

    private static readonly Argument<string[]> Prices = new("PRICE=VALUE")
    {
        Description =
            $"{string.Join(", ", PlanRules.Names)}. A price is 0.01, or with a free allowance and tiers "
            + "\"1000 free, 0.01 to 10000, 0.005\". month is for a whole month, storage for a GB stored for a month, taxRate a percentage.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Create() => new("plan", "Manage the price lists.") { Make(), List(), Show(), Set() };

    private static Command Make()
    {
        var name = new Option<string>("--name")
        {
            Description = "The plan's name.",
            Required = true,
            HelpName = "TEXT",
        };
        var currency = new Option<string>("--currency")
        {
            Description = "Its currency, a code of ISO 4217 such as EUR. It never changes.",
            Required = true,
            HelpName = "CODE",
        };
        var command = new Command("create", "Create a plan. Its prices hold from this month. Prints its id.") { Prices, name, currency };
        command.SetBillingHandler(async context =>
        {
            if (ReadPrices(context) is not { } prices)
            {
                return await FailPrices(context);
            }

            var made = await context
                .Get<PlanRules>()
                .Create(context.Parsed.GetRequiredValue(name), context.Parsed.GetRequiredValue(currency), prices, Actor.CommandLine);
            if (made.Failed(out var plan, out var refused))
            {
                return await context.Fail(refused);
            }

            await context.Output.WriteLineAsync(plan.Id);
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the plans.") { json };
        command.SetBillingHandler(async context =>
        {
            var plans = await context.Get<PlanRules>().List();
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.WriteList(plans, Write)
                    : string.Join('\n', plans.Select(plan => $"{plan.Id}  {plan.Currency}  {plan.Name}"))
            );
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("show", "Show a plan with the versions of its prices.") { Plan, json };
        command.SetBillingHandler(async context =>
        {
            if ((await context.Get<PlanRules>().Find(context.Parsed.GetRequiredValue(Plan))).Failed(out var found, out var refused))
            {
                return await context.Fail(refused);
            }

            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.Write(writer => Write(writer, found.Plan, found.Versions))
                    : string.Join(
                        '\n',
                        found.Versions.Select(version => Text(found.Plan, version)).Prepend($"{found.Plan.Name} {found.Plan.Id}")
                    )
            );
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var command = new Command("set", "Change prices of a plan. They hold from the next month.") { Plan, Prices };
        command.SetBillingHandler(async context =>
            ReadPrices(context) is { } prices
                ? await context.End(await context.Get<PlanRules>().Set(context.Parsed.GetRequiredValue(Plan), prices, Actor.CommandLine))
                : await FailPrices(context)
        );
        return command;
    }

    private static Dictionary<string, string>? ReadPrices(CommandContext context) =>
        NameValuePairs.Parse(context.Parsed.GetRequiredValue(Prices));

    private static Task<int> FailPrices(CommandContext context) =>
        context.Fail(Applications.Settings.Setting.Invalid("Use NAME=PRICE for each price, each name once."));

    private static string Text(Plan plan, PlanVersion version) =>
        $"from {new CalendarMonth(version.Month)}, in {plan.Currency}:\n"
        + string.Join('\n', Describe(plan, version).Select(price => $"  {price.Key, -10}  {price.Value}"));

    private static IReadOnlyDictionary<string, string> Describe(Plan plan, PlanVersion version) =>
        PlanRules.Describe(PlanTerms.Read(version.Terms), Currency.FromStored(plan.Currency));

    private static void Write(Utf8JsonWriter json, Plan plan)
    {
        json.WriteString("id", plan.Id);
        json.WriteString("name", plan.Name);
        json.WriteString("currency", plan.Currency);
    }

    private static void Write(Utf8JsonWriter json, Plan plan, IReadOnlyList<PlanVersion> versions)
    {
        json.WriteStartObject();
        Write(json, plan);
        json.WriteStartArray("versions");
        foreach (var version in versions)
        {
            json.WriteStartObject();
            json.WriteString("from", new CalendarMonth(version.Month).ToString());
            foreach (var (name, price) in Describe(plan, version))
            {
                json.WriteString(name, price);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
