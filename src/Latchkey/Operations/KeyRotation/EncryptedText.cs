namespace Latchkey.Operations.KeyRotation;

/// <summary>One sealed text.</summary>
public sealed record EncryptedText
{
    /// <summary>Empty in tables of the installation.</summary>
    public string AppId { get; init; } = "";

    public string Id { get; init; } = "";

    public string Text { get; init; } = "";
}
