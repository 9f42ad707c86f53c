using System.Globalization;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;

namespace Latchkey.Applications;

/// <summary>An application as it is stored.</summary>
public sealed record ApplicationRow
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>development or commercial.</summary>
    public string Type { get; init; } = ApplicationType.Development;

    /// <summary>active, inactive, suspended, blocked or migrated.</summary>
    public string Status { get; init; } = ApplicationStatus.Active;

    /// <summary><see cref="ApplicationSettings"/> as JSON.</summary>
    public string Settings { get; init; } = "{}";

    /// <summary>Grows by one with every change.</summary>
    public long Revision { get; init; }

    /// <summary>Empty, or what goes on: see <see cref="Applications.DeletionState"/>.</summary>
    public string Erasing { get; init; } = "";

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }
}

/// <summary>What may be going on behind an application: a mark on its row that holds from the first moment to the last.</summary>
public static class DeletionState
{
    /// <summary>All its users are being deleted; until they are gone it serves none.</summary>
    public const string Reset = "reset";

    /// <summary>It is being deleted, and is gone for everyone already.</summary>
    public const string Delete = "delete";
}

public static class ApplicationType
{
    public const string Development = "development";
    public const string Commercial = "commercial";
}

public static class ApplicationStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
    public const string Suspended = "suspended";
    public const string Blocked = "blocked";
    public const string Migrated = "migrated";

    public static IReadOnlyList<string> All { get; } = [Active, Inactive, Suspended, Blocked, Migrated];
}

/// <summary>An application ready to serve: settings parsed, keys open. Shared by all requests, so it never changes.</summary>
/// <param name="SigningKey">The active key.</param>
/// <param name="PublicKey">The active key's public half, PEM.</param>
/// <param name="PublishedKeys">The public halves of all keys that are live: announced, active, retiring.</param>
public sealed record Application(
    ApplicationRow Row,
    ApplicationSettings Settings,
    JwsKey SigningKey,
    string PublicKey,
    IReadOnlyList<JwsKey> PublishedKeys,
    IReadOnlyList<Credential> AppTokens,
    IReadOnlyList<Credential> AppSecrets,
    IReadOnlyList<TemplateRow> Templates)
{
    private byte[]? description;
    private string? tag;

    /// <summary>A hash like the slowest that an import brought; null when none did.</summary>
    public string? SlowestHash { get; init; }

    /// <summary>The server that the application moved in from, when its tokens are accepted.</summary>
    public LegacyServer? LegacyServer { get; init; }

    public string Id => Row.Id;

    public string Name => Row.Name;

    public string Status => Row.Status;

    public bool IsResetting => Row.Erasing == DeletionState.Reset;

    /// <summary>The answer of getApplication, written once for each revision.</summary>
    public byte[] Description => description ??= ApplicationDescription.Write(this);

    /// <summary>The entity tag of <see cref="Description"/> (RFC 9110 §8.8.3).</summary>
    public string DescriptionTag => tag ??= $"\"{Row.Revision.ToString(CultureInfo.InvariantCulture)}-{Id}\"";

    public bool HasAppToken(string id, long now) => AppTokens.Any(token => token.Id == id && token.IsLive(now));

    public bool HasAppSecret(string hash, long now) => AppSecrets.Any(secret => secret.Id == hash && secret.IsLive(now));
}

/// <summary>An App Token by its id, or an App Secret by its hash, and when it ends (null: not).</summary>
public sealed record Credential
{
    public string Id { get; init; } = "";

    public long? ExpiresAt { get; init; }

    public bool IsLive(long now) => ExpiresAt is null || ExpiresAt > now;
}
