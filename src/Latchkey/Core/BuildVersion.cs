namespace Latchkey.Core;

public static class BuildVersion
{
    /// <summary>The version in Directory.Build.props.</summary>
    public static string Text { get; } = typeof(BuildVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
