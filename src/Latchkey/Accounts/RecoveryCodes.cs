namespace Latchkey.Accounts;

/// <summary>Recovery codes as they are shown, once.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Plain)
{
    /// <summary>In groups of four.</summary>
    public IEnumerable<string> Grouped => Plain.Select(code => string.Join('-', code.Chunk(4).Select(group => new string(group))));
}
