namespace Latchkey.HostedPages;

/// <summary>The metadata of somebody who signs up.</summary>
/// <param name="Document">A JSON document; null where the application asks for none.</param>
public sealed record MetadataInput(string? Document);
