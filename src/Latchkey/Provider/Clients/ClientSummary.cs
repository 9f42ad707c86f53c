using Latchkey.Core;

namespace Latchkey.Provider.Clients;

/// <summary>A client as a list shows it.</summary>
public sealed record ClientSummary
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The name of a <see cref="ClientType"/>.</summary>
    public string Type { get; init; } = "";

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public ClientType ClientType => EnumNames.TryParse<ClientType>(Type, out var type) ? type : default;
}
