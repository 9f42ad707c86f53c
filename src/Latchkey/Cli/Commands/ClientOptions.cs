using System.CommandLine;
using Latchkey.Provider.Clients;

namespace Latchkey.Cli.Commands;

/// <summary>The options of <c>latchkey client create</c> and <c>set</c>.</summary>
internal sealed class ClientOptions
{
    private readonly (string Field, Option<string[]> Option)[] lists =
    [
        (ClientFields.RedirectUris, List("--redirect-uri", "URI", "Where users come back to after signing in. Can be repeated.")),
        (ClientFields.PostLogoutUris, List("--post-logout-uri", "URI", "Where users come back to after signing out. Can be repeated.")),
        (ClientFields.Scopes, List("--scope", "SCOPE", "A scope that it can get. Can be repeated.")),
        (ClientFields.Resources, List("--resource", "URI", "A resource that its tokens can be for. Can be repeated.")),
        (ClientFields.GrantTypes, List("--grant", "TYPE", "A grant type, such as client_credentials. Can be repeated.")),
    ];

    private readonly Option<bool> firstParty = new("--first-party")
    {
        Description = "It is your own: users are not asked whether they allow it something.",
    };

    public static Argument<string[]> SettingsArgument() =>
        new("NAME=VALUE")
        {
            Description = "Other settings, such as authentication=privatekey. Items of a list have spaces between them.",
            Arity = ArgumentArity.ZeroOrMore,
        };

    public void AddTo(Command command)
    {
        foreach (var (_, option) in lists)
        {
            command.Options.Add(option);
        }

        command.Options.Add(firstParty);
    }

    /// <summary>The changes by the names of <see cref="ClientFields"/>; null when an argument is no pair, or a name comes twice.</summary>
    public Dictionary<string, string>? Read(ParseResult parsed, Argument<string[]> settings)
    {
        if (NameValuePairs.Parse(parsed.GetValue(settings) ?? []) is not { } changes)
        {
            return null;
        }

        foreach (var (field, option) in lists)
        {
            if (parsed.GetValue(option) is { Length: > 0 } items && !changes.TryAdd(field, string.Join(' ', items)))
            {
                return null;
            }
        }

        return !parsed.GetValue(firstParty) || changes.TryAdd(ClientFields.FirstParty, "1") ? changes : null;
    }

    public static async Task<int> FailPairs(CommandContext context)
    {
        await context.Error.WriteLineAsync("latchkey: settings are pairs such as firstParty=1, each name once.");
        return 1;
    }

    /// <summary>Says what is allowed and not good, without failing.</summary>
    public static async Task Warn(CommandContext context, Client client)
    {
        if (client.Settings.RedirectUris.Any(ClientUris.IsLocalhost))
        {
            await context.Error.WriteLineAsync(
                "latchkey: careful: localhost can lead to another device. Use http://127.0.0.1 or http://[::1], or a domain with https."
            );
        }
    }

    private static Option<string[]> List(string name, string item, string meaning) =>
        new(name)
        {
            Description = meaning,
            HelpName = item,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
}
