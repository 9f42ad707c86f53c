using System.Text.Json;
using Microsoft.Extensions.FileProviders;

namespace Latchkey.Core.Configuration;

/// <summary>
/// The texts of settings from all places where they may be given. From the weakest: <c>latchkey.json</c>, the folder of secrets, the
/// environment, the command line. Each setting may be given as <c>NAME_FILE</c> too, the path of a file with its text.
/// </summary>
public static class SettingSources
{
    private const string DefaultFile = "latchkey.json";
    private const string DefaultSecrets = "/run/secrets";

    /// <summary>The text of each setting that is given, by its name without the prefix.</summary>
    /// <param name="options">What the command line gives, by the names of settings; null and empty are not given.</param>
    /// <exception cref="InvalidSettingException">A name is no setting, or a text cannot be one.</exception>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyDictionary<string, string?> options)
    {
        var environment = new ConfigurationBuilder().AddEnvironmentVariables(InstallationSetting.Prefix).Build();
        string? Place(string name) => options.GetValueOrDefault(name) is { Length: > 0 } given ? given : environment[name]?.Trim();

        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Place("CONFIG") is { Length: > 0 } file)
        {
            Add(texts, JsonFile(file), file);
        }
        else if (File.Exists(DefaultFile))
        {
            Add(texts, JsonFile(DefaultFile), DefaultFile);
        }

        var secrets = Place("SECRETS") is { Length: > 0 } folder ? folder : DefaultSecrets;
        if (Directory.Exists(secrets))
        {
            Add(texts, SecretFiles(secrets), secrets);
        }
        else if (secrets != DefaultSecrets)
        {
            throw new InvalidSettingException($"LATCHKEY_SECRETS is {secrets}, which is no folder.");
        }

        Add(texts, environment.AsEnumerable().Where(variable => !IsOfOthers(variable.Key)), "The environment");
        Add(texts, options, "The command line");
        return texts;
    }

    /// <summary>
    /// Variables that others set: our own tests, and Kubernetes and Docker for a service or container that is called latchkey.
    /// </summary>
    private static bool IsOfOthers(string name) =>
        name.StartsWith("TEST_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("SERVICE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("PORT_", StringComparison.OrdinalIgnoreCase)
        || name.Equals("PORT", StringComparison.OrdinalIgnoreCase);

    private static void Add(Dictionary<string, string> texts, IEnumerable<KeyValuePair<string, string?>> source, string place)
    {
        var given = new Dictionary<InstallationSetting, (string Text, bool IsFile)>();
        foreach (var (key, text) in source)
        {
            if (string.IsNullOrEmpty(text))
            {
                continue;
            }

            var (setting, isFile) = Find(key, place);
            if (!given.TryAdd(setting, (text, isFile)))
            {
                throw new InvalidSettingException(
                    $"{place} gives {setting.Variable} and {setting.Variable}{InstallationSetting.FileSuffix}. Remove one of them."
                );
            }
        }

        foreach (var (setting, (text, isFile)) in given)
        {
            if (Clean(setting, isFile ? SecretFile.Read(text.Trim()) : text) is { Length: > 0 } clean)
            {
                texts[setting.Name] = clean;
            }
        }
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

    /// <summary>The message does not repeat the text: it may hold a password.</summary>
    private static string Clean(InstallationSetting setting, string text)
    {
        if (setting.IsSecret)
        {
            return text;
        }

        var clean = text.Trim();
        if (clean is ['"' or '\'', ..])
        {
            throw new InvalidSettingException($"{setting.Variable} begins with a quote. Give it without quotes.");
        }

        return setting.IsPath && clean.Contains("://", StringComparison.Ordinal)
            ? throw new InvalidSettingException($"{setting.Variable} holds an address where a file or folder belongs. Give a path.")
            : clean;
    }

    private static IEnumerable<KeyValuePair<string, string?>> JsonFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
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

    /// <summary>Only files called LATCHKEY_…: a platform's folder of secrets may hold other people's too.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> SecretFiles(string folder)
    {
        try
        {
            using var files = new PhysicalFileProvider(Path.GetFullPath(folder));
            return
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
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingException($"{folder} cannot be read: {e.Message}");
        }
    }
}
