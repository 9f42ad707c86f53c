using System.CommandLine;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey limits …</summary>
public static class LimitCommands
{
    public static Command Create() => new("limits", "Manage the limits for applications of each type.") { Show(), Set() };

    private static Command Show()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("show", "Show the limits of both types. 0 means no limit.") { json };
        command.SetHandler(async context =>
        {
            var limits = await context.Get<InstallationLimitRules>().Read();
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? limits.Write()
                    : string.Join(
                        '\n',
                        TypeLimits.Names.Select(name =>
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{name, -22}  development {limits.Development[name]}, commercial {limits.Commercial[name]}"
                            )
                        )
                    )
            );
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var type = new Argument<string>("TYPE") { Description = "development or commercial." };
        var pairs = new Argument<string[]>("LIMIT=NUMBER")
        {
            Description = $"{string.Join(", ", TypeLimits.Names)}. 0 means no limit.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("set", "Change limits: all of them or none. Running servers apply them within a second.") { type, pairs };
        command.SetHandler(async context =>
        {
            var changes = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var pair in context.Parsed.GetRequiredValue(pairs))
            {
                var parts = pair.Split('=');
                if (
                    parts.Length != 2
                    || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                    || !changes.TryAdd(parts[0], value)
                )
                {
                    await context.Error.WriteLineAsync(
                        "latchkey: use NAME=NUMBER for each limit, each name once. A number must be 0 or more."
                    );
                    return 1;
                }
            }

            var done = await context.Get<InstallationLimitRules>().Set(context.Parsed.GetRequiredValue(type), changes, Actor.CommandLine);
            return done.Error is { } refused ? await context.Fail(refused) : 0;
        });
        return command;
    }
}
