using System.Reflection;

namespace Latchkey.Core;

public static class BuildVersion
{
    /// <summary>The version of the git tag, such as <c>0.1.0</c>; without a tag, a pre-release such as <c>0.1.0-alpha.0.12</c>.</summary>
    public static string Text { get; } =
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
