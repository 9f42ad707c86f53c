using System.Globalization;

namespace Latchkey.Storage;

/// <summary>What a change of the settings changed, in words for the log: never the secret.</summary>
public static class StorageChange
{
    public static string Describe(StorageSettings before, StorageSettings after)
    {
        var (old, now) = (Values(before), Values(after));
        var changed = now.Where(one => old[one.Key] != one.Value).Select(one => $"{one.Key}: {one.Value}");
        return string.Join(", ", before.SecretSealed == after.SecretSealed ? changed : changed.Append("secret: changed"));
    }

    private static Dictionary<string, string> Values(StorageSettings settings) =>
        new(StringComparer.Ordinal)
        {
            ["enabled"] = settings.Enabled ? "1" : "0",
            ["endpoint"] = settings.Endpoint,
            ["region"] = settings.Region,
            ["bucket"] = settings.Bucket,
            ["keyId"] = settings.KeyId,
            ["pathStyle"] = settings.PathStyle ? "1" : "0",
            ["prefix"] = settings.Prefix,
            ["contentTypes"] = settings.ContentTypes,
            ["linkHours"] = Text(settings.LinkHours),
            ["maxBytes"] = Text(settings.MaxBytes),
            ["userQuota"] = Text(settings.UserQuota),
            ["appQuota"] = Text(settings.AppQuota),
        };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
