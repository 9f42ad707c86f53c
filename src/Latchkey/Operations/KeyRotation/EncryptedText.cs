namespace Latchkey.Operations.KeyRotation;

/// <summary>One sealed text.</summary>
public sealed record EncryptedText
{
    public string Id { get; init; } = "";

    public string Text { get; init; } = "";
}
