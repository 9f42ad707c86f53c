namespace Latchkey.Operations.KeyRotation;

/// <summary>An encrypted text and its row.</summary>
public sealed record EncryptedText
{
    /// <summary>Empty for tables of the installation.</summary>
    public string AppId { get; init; } = "";

    public string Id { get; init; } = "";

    public string Text { get; init; } = "";
}
