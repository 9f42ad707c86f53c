using System.CommandLine;
using Latchkey.Core.Configuration;

namespace Latchkey.Cli;

/// <summary>The options that every command has: where the data is.</summary>
public static class InstallationOptions
{
    public static readonly Option<string?> Data = new("--data")
    {
        Description = "Folder of the SQLite file and the key ring. Also LATCHKEY_DATA. Default: ./data",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<string?> Database = new("--database")
    {
        Description =
            "A SQLite file, or a PostgreSQL connection (postgres://user:password@host/name). Also LATCHKEY_DATABASE. Default: "
            + "latchkey.db in the data folder",
        HelpName = "CONNECTION",
        Recursive = true,
    };

    /// <exception cref="InvalidSettingException">An option or variable cannot work.</exception>
    public static InstallationSettings Read(ParseResult parsed, params (string Name, Option<string?> Option)[] more)
    {
        var options = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["DATA"] = parsed.GetValue(Data),
            ["DATABASE"] = parsed.GetValue(Database),
        };
        foreach (var (name, option) in more)
        {
            options[name] = parsed.GetValue(option);
        }

        return InstallationReader.Read(options);
    }
}
