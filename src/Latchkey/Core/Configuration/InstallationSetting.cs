namespace Latchkey.Core.Configuration;

/// <summary>A setting of the installation and its documentation.</summary>
/// <param name="Name">Without the prefix: <c>DATA</c> is the variable <c>LATCHKEY_DATA</c>.</param>
/// <param name="Meaning">Its description in docs/operations.md, in Markdown.</param>
/// <param name="Default">Its default in docs/operations.md, in Markdown.</param>
public sealed record InstallationSetting(string Name, string Meaning, string Default)
{
    public const string Prefix = "LATCHKEY_";

    /// <summary>The suffix of the variable that names a file with the value.</summary>
    public const string FileSuffix = "_FILE";

    /// <summary>The command-line option for this setting; empty for none.</summary>
    public string Option { get; init; } = "";

    /// <summary>The value is the path of a file or folder.</summary>
    public bool IsPath { get; init; }

    /// <summary>The value is the place of other settings. Only the environment and the command line have it.</summary>
    public bool NamesSource { get; init; }

    /// <summary>A password or key: the value is not trimmed.</summary>
    public bool IsSecret { get; init; }

    public string Variable => Prefix + Name;
}
