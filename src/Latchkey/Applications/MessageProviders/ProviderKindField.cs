namespace Latchkey.Applications.MessageProviders;

/// <summary>A field of a provider's form.</summary>
/// <param name="Name">The server's variable of the same meaning, without its prefix, such as <c>SMTP_HOST</c>.</param>
/// <param name="Label">As people see it.</param>
/// <param name="Hint">A sentence; empty for none.</param>
/// <param name="Example">What such a value looks like; empty for none.</param>
public sealed record ProviderKindField(string Name, string Label, string Hint, string Example = "")
{
    /// <summary>It is never shown again.</summary>
    public bool IsSecret { get; init; }

    public bool IsOptional { get; init; }
}
