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
        var command = new Command("show", "Show the limits of both types. 0 means no limit; default, that you have set none.") { json };
        command.SetHandler(async context =>
        {
            var limits = await context.Get<InstallationLimitRules>().Read();
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? limits.Write()
                    : string.Join(
                        '\n',
                        TypeLimits.Names.Select(name =>
                            $"{name, -22}  development {Describe(limits.Development, name)}, commercial {Describe(limits.Commercial, name)}"
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
            Description =
                $"{string.Join(", ", TypeLimits.Names)}. 0 means no limit. With {TypeLimits.Unset}, developers can go up to the "
                + "shipped value, and you can give one application more (latchkey app set).",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("set", "Change limits: all of them or none. Running servers apply them within a second.") { type, pairs };
        command.SetHandler(async context =>
        {
            var changes = new Dictionary<string, int?>(StringComparer.Ordinal);
            foreach (var pair in context.Parsed.GetRequiredValue(pairs))
            {
                var parts = pair.Split('=');
                if (parts.Length != 2 || !TryParse(parts[1], out var value) || !changes.TryAdd(parts[0], value))
                {
                    await context.Error.WriteLineAsync(
                        $"latchkey: use NAME=NUMBER or NAME={TypeLimits.Unset} for each limit, each name once. A number must be 0 or more."
                    );
                    return 1;
                }
            }

            var done = await context.Get<InstallationLimitRules>().Set(context.Parsed.GetRequiredValue(type), changes, Actor.CommandLine);
            return await context.End(done);
        });
        return command;
    }

    private static string Describe(TypeLimits limits, string name) =>
        limits[name] is null ? $"{TypeLimits.Unset} ({TypeLimits.Format(TypeLimits.Shipped[name])})" : TypeLimits.Format(limits[name]);

    private static bool TryParse(string text, out int? limit)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        limit = isNumber ? number : null;
        return isNumber || text == TypeLimits.Unset;
    }
}
