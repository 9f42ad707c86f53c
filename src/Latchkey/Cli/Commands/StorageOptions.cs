using System.CommandLine;
using Latchkey.Storage;

namespace Latchkey.Cli.Commands;

/// <summary>The options of latchkey storage set: one for each field of the settings.</summary>
internal sealed record StorageOptions(string Field, Option<string> Option, Func<StorageInput, string, StorageInput> Set)
{
    public static IReadOnlyList<StorageOptions> All { get; } =
    [
        Of("enabled", "on|off", "Whether apps can use it.", (input, text) => input with { Enabled = text != "off" }, "on", "off"),
        Of("endpoint", "URL", "The address of the S3 API.", (input, text) => input with { Endpoint = text }),
        Of("region", "NAME", "The bucket's region.", (input, text) => input with { Region = text }),
        Of("bucket", "NAME", "The bucket.", (input, text) => input with { Bucket = text }),
        Of("keyId", "ID", "The id of the key.", (input, text) => input with { KeyId = text }),
        Of(
            "pathStyle",
            "on|off",
            "Whether the bucket stands in the path of URLs.",
            (input, text) => input with { PathStyle = text != "off" },
            "on",
            "off"
        ),
        Of("prefix", "TEXT", "What all keys begin with.", (input, text) => input with { Prefix = text }),
        Of("contentTypes", "TYPES", "The media types, with commas between them.", (input, text) => input with { ContentTypes = text }),
        Of("linkHours", "HOURS", "How long links for reading are valid.", (input, text) => input with { LinkHours = text }),
        Of("maxMegabytes", "MIB", "The largest file.", (input, text) => input with { MaxMegabytes = text }),
        Of("userMegabytes", "MIB", "What a user may store; 0 for no limit.", (input, text) => input with { UserMegabytes = text }),
        Of("appMegabytes", "MIB", "What all users may store; 0 for no limit.", (input, text) => input with { AppMegabytes = text }),
    ];

    /// <summary>The option of a field, for errors.</summary>
    public static string NameOf(string field) => All.FirstOrDefault(one => one.Field == field)?.Option.Name ?? "--secret-stdin";

    public StorageInput Apply(ParseResult parsed, StorageInput input) => parsed.GetValue(Option) is { } text ? Set(input, text) : input;

    private static StorageOptions Of(
        string field,
        string helpName,
        string description,
        Func<StorageInput, string, StorageInput> set,
        params string[] values
    )
    {
        var name = string.Concat(field.Select(c => char.IsAsciiLetterUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"));
        var option = new Option<string>($"--{name}") { Description = description, HelpName = helpName };
        if (values.Length > 0)
        {
            option.AcceptOnlyFromAmong(values);
        }

        return new(field, option, set);
    }
}
