namespace Latchkey.Core.Configuration;

/// <summary>One setting of an installation: its name, and what operators read about it.</summary>
/// <param name="Name">Without the prefix: <c>DATA</c> is the variable <c>LATCHKEY_DATA</c>.</param>
/// <param name="Meaning">As docs/operations.md has it, in Markdown.</param>
/// <param name="Default">As docs/operations.md has it, in Markdown.</param>
public sealed record InstallationSetting(string Name, string Meaning, string Default)
{
    public const string Prefix = "LATCHKEY_";

    /// <summary>What is added to a name when its value is the path of a file that holds the text.</summary>
    public const string FileSuffix = "_FILE";

    /// <summary>The option of commands that gives it too; empty for none.</summary>
    public string Option { get; init; } = "";

    /// <summary>It names a file or folder.</summary>
    public bool IsPath { get; init; }

    /// <summary>A password or key: its text is taken as it is, with the space around it.</summary>
    public bool IsSecret { get; init; }

    public string Variable => Prefix + Name;
}
