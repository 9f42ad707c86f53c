using System.CommandLine;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Cli.Commands;

/// <summary>
/// The options of <c>latchkey provider create</c> and <c>set</c>. A secret is none of the arguments, because the process list shows them.
/// </summary>
internal sealed class ProviderOptions
{
    private static readonly string[] Secrets = [ProviderField.ClientSecret, ProviderField.PrivateKey];

    private readonly Argument<string[]> settings = new("NAME=VALUE")
    {
        Description = "Values such as clientId=… and issuer=…, and settings such as enabled=0.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> fromStdin = new("--secret-stdin")
    {
        Description = "Read the client secret from one line of standard input.",
    };

    private readonly Option<string> fromFile = new("--secret-file")
    {
        Description = "Read the client secret, or the private key of Apple, from this file.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> claims = new("--claim")
    {
        Description = "A claim that becomes metadata, such as given_name=user_data.first. Can be repeated; replaces all.",
        HelpName = "CLAIM=PATH",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(settings);
        command.Options.Add(fromStdin);
        command.Options.Add(fromFile);
        command.Options.Add(claims);
    }

    /// <summary>The changes by their names; 602 when an argument is no pair, comes twice, or is a secret.</summary>
    public async Task<Result<Dictionary<string, string>>> Read(CommandContext context)
    {
        if (NameValuePairs.Parse(context.Parsed.GetValue(settings) ?? []) is not { } changes)
        {
            return Invalid("values are pairs such as clientId=abc, each name once.");
        }

        if (Secrets.Any(changes.ContainsKey))
        {
            return Invalid("a secret is no argument, because the process list shows arguments. Use --secret-stdin or --secret-file.");
        }

        if (
            context.Parsed.GetValue(claims) is { Length: > 0 } lines
            && !changes.TryAdd(IdentityProviderFields.Claims, string.Join('\n', lines))
        )
        {
            return Invalid("give the claims once.");
        }

        if (await ReadSecret(context) is not { } secret)
        {
            return Invalid("there is no secret in what was read.");
        }

        if (secret.Length > 0)
        {
            changes[secret.StartsWith("-----BEGIN", StringComparison.Ordinal) ? ProviderField.PrivateKey : ProviderField.ClientSecret] =
                secret;
        }

        return changes;
    }

    /// <summary>Empty when none is given; null when there is nothing in it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    private async Task<string?> ReadSecret(CommandContext context) =>
        context.Parsed.GetValue(fromFile) is { } path
            ? InputFile.ReadText(path, ProviderField.MaxSecretLength).Trim() is { Length: > 0 } text
                ? text
                : null
            : context.Parsed.GetValue(fromStdin)
                ? await PasswordPrompt.Read(context, fromStdin: true)
                : "";

    private static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };
}
