using System.Text;
using System.Text.Json;
using Microsoft.Extensions.FileProviders;

namespace Latchkey.Core.Configuration;

/// <summary>
/// Reads the values of settings from all sources, in increasing priority: <c>latchkey.json</c>, the folder of secrets, the environment,
/// the command line. Each setting may also be given as <c>NAME_FILE</c>, the path of a file with the value.
/// </summary>
public static class SettingSources
{
    private const string DefaultFile = "latchkey.json";
    private const string DefaultSecrets = "/run/secrets";
    private const int MaxFileBytes = 1024 * 1024;

    private static readonly EnumerationOptions IgnoreCase = new() { MatchCasing = MatchCasing.CaseInsensitive };

    /// <summary>The values of all given settings, by name without the prefix.</summary>
    /// <param name="options">Command-line values by setting name; null for an option that was not given.</param>
    /// <exception cref="InvalidSettingException">A name is unknown, or a value is invalid.</exception>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyDictionary<string, string?> options)
    {
        var environment = new ConfigurationBuilder().AddEnvironmentVariables(InstallationSetting.Prefix).Build();
        string? Place(string name) =>
            (options.GetValueOrDefault(name) is { Length: > 0 } given ? given : environment[name]) is { Length: > 0 } path
                ? FilePath.Check(path, InstallationSetting.Prefix + name)
                : null;

        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Place("CONFIG") is { } file)
        {
            Add(texts, JsonFile(file), file);
        }
        else if (File.Exists(DefaultFile))
        {
            Add(texts, JsonFile(DefaultFile), DefaultFile);
        }

        var secrets = Place("SECRETS") ?? DefaultSecrets;
        if (Directory.Exists(secrets))
        {
            Add(texts, SecretFiles(secrets), secrets);
        }
        else if (secrets != DefaultSecrets)
        {
            throw new InvalidSettingException($"LATCHKEY_SECRETS is {secrets}, which is no folder.");
        }

        Add(texts, environment.AsEnumerable().Where(variable => !IsOfOthers(variable.Key)), "The environment", mayNameSources: true);
        Add(texts, options, "The command line", mayNameSources: true);
        return texts;
    }

    /// <summary>Variables set by others: our tests, and Kubernetes or Docker for a service or container named latchkey.</summary>
    private static bool IsOfOthers(string name) =>
        name.StartsWith("TEST_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("SERVICE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("PORT_", StringComparison.OrdinalIgnoreCase)
        || name.Equals("PORT", StringComparison.OrdinalIgnoreCase);

    private static void Add(
        Dictionary<string, string> texts,
        IEnumerable<KeyValuePair<string, string?>> source,
        string place,
        bool mayNameSources = false
    )
    {
        var given = new Dictionary<InstallationSetting, (string Text, bool IsFile)>();
        foreach (var (key, text) in source)
        {
            if (text is null)
            {
                continue;
            }

            var (setting, isFile) = Find(key, place);
            if (setting.NamesSource && (isFile || !mayNameSources))
            {
                throw new InvalidSettingException(
                    $"{place} sets {setting.Variable}{(isFile ? InstallationSetting.FileSuffix : "")}, which has no effect. "
                        + $"Set {setting.Variable} in the environment to the path itself."
                );
            }

            if (!given.TryAdd(setting, (text, isFile)))
            {
                throw new InvalidSettingException(
                    $"{place} gives {setting.Variable} and {setting.Variable}{InstallationSetting.FileSuffix}. Remove one of them."
                );
            }
        }

        foreach (var (setting, (text, isFile)) in given)
        {
            texts[setting.Name] = ReadText(setting, text, isFile);
        }
    }

    private static string ReadText(InstallationSetting setting, string text, bool isFile)
    {
        if (!isFile)
        {
            return Clean(setting, text);
        }

        var path = FilePath.Check(text, setting.Variable + InstallationSetting.FileSuffix);
        return SecretFile.Read(path) is var read && !string.IsNullOrWhiteSpace(read)
            ? Clean(setting, read)
            : throw new InvalidSettingException($"{path} is empty. It must contain {setting.Variable}.");
    }

    private static (InstallationSetting Setting, bool IsFile) Find(string key, string place)
    {
        var name = key.ToUpperInvariant();
        name = name.StartsWith(InstallationSetting.Prefix, StringComparison.Ordinal) ? name[InstallationSetting.Prefix.Length..] : name;
        if (InstallationSettingCatalog.Find(name) is { } setting)
        {
            return (setting, false);
        }

        var plain = name.EndsWith(InstallationSetting.FileSuffix, StringComparison.Ordinal)
            ? name[..^InstallationSetting.FileSuffix.Length]
            : name;
        return plain != name && InstallationSettingCatalog.Find(plain) is { } byFile
            ? (byFile, true)
            : throw new InvalidSettingException(
                $"{place} sets {InstallationSetting.Prefix}{name}, which is no setting. "
                    + $"The nearest is {InstallationSettingCatalog.Nearest(plain)}."
            );
    }

    /// <summary>
    /// The text of a setting, which cannot be empty: an empty database would mean a new installation. The messages do not quote the value,
    /// because it may contain a password.
    /// </summary>
    private static string Clean(InstallationSetting setting, string text)
    {
        if (StrictUtf8.IsDamaged(text))
        {
            throw new InvalidSettingException($"{setting.Variable} is not UTF-8.");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidSettingException($"{setting.Variable} is empty. Give it a value, or leave it out.");
        }

        if (setting.IsSecret)
        {
            return text;
        }

        var clean = text.Trim();
        return FilePath.IsInQuotes(clean)
                ? throw new InvalidSettingException($"{setting.Variable} has quotes around it. Give it without quotes.")
            : setting.IsPath ? FilePath.Check(clean, setting.Variable)
            : clean;
    }

    private static IEnumerable<KeyValuePair<string, string?>> JsonFile(string path)
    {
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(InputFile.ReadText(path, MaxFileBytes)));
            return [.. new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable()];
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidDataException)
        {
            throw new InvalidSettingException(
                $"{path} cannot be read: {e.Message} It holds one JSON object of settings, such as "
                    + "{\"LATCHKEY_DATA\": \"/var/lib/latchkey\"}."
            );
        }
    }

    /// <summary>Only files named LATCHKEY_…: a platform's folder of secrets may contain others.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> SecretFiles(string folder)
    {
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles($"{InstallationSetting.Prefix}*", IgnoreCase))
            {
                if (file.Length > MaxFileBytes)
                {
                    throw new InvalidSettingException($"{file.FullName} is longer than {MaxFileBytes} bytes. It must hold one setting.");
                }
            }

            using var files = new PhysicalFileProvider(Path.GetFullPath(folder));
            KeyValuePair<string, string?>[] all =
            [
                .. new ConfigurationBuilder()
                    .AddKeyPerFile(source =>
                    {
                        source.FileProvider = files;
                        source.Optional = true;
                        source.IgnoreCondition = name => !name.StartsWith(InstallationSetting.Prefix, StringComparison.OrdinalIgnoreCase);
                    })
                    .Build()
                    .AsEnumerable(),
            ];
            return Array.Find(all, one => string.IsNullOrWhiteSpace(one.Value)).Key is { } empty
                ? throw new InvalidSettingException($"{Path.Combine(folder, empty)} is empty. It must contain a setting.")
                : all;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingException($"{folder} cannot be read: {e.Message}");
        }
    }
}
