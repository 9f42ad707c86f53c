namespace Latchkey.Storage;

/// <summary>The settings as somebody typed them.</summary>
/// <param name="Secret">Empty to keep the stored one.</param>
/// <param name="MaxMegabytes">The largest object, in MiB.</param>
/// <param name="UserMegabytes">The quota of a user, in MiB; 0 for none.</param>
/// <param name="AppMegabytes">The quota of the application, in MiB; 0 for none.</param>
public sealed record StorageInput(
    bool Enabled,
    string Endpoint,
    string Region,
    string Bucket,
    string KeyId,
    string Secret,
    bool PathStyle,
    string Prefix,
    string ContentTypes,
    string LinkHours,
    string MaxMegabytes,
    string UserMegabytes,
    string AppMegabytes
)
{
    public const long Megabyte = 1024 * 1024;

    /// <summary>What a form shows before anything is stored.</summary>
    public static StorageInput Default(string appId) =>
        new(true, "", "us-east-1", "", "", "", false, appId, "image/*, video/*, audio/*", "24", "100", "1024", "0");

    public static StorageInput From(StorageSettings settings) =>
        new(
            settings.Enabled,
            settings.Endpoint,
            settings.Region,
            settings.Bucket,
            settings.KeyId,
            "",
            settings.PathStyle,
            settings.Prefix,
            settings.ContentTypes.Replace(",", ", ", StringComparison.Ordinal),
            Text(settings.LinkHours),
            Text(settings.MaxBytes / Megabyte),
            Text(settings.UserQuota / Megabyte),
            Text(settings.AppQuota / Megabyte)
        );

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
