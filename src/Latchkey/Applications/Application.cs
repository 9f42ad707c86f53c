using System.Globalization;
using Latchkey.Applications.Branding;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Resources;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Applications;

/// <summary>An application loaded for serving: settings parsed, keys decrypted. Immutable, because all requests share it.</summary>
/// <param name="SigningKey">The active key.</param>
/// <param name="PublicKey">The active key's public key in PEM.</param>
/// <param name="PublishedKeys">The public keys of all announced, active and retiring keys.</param>
public sealed record Application(
    ApplicationRow Row,
    ApplicationSettings Settings,
    JwsKey SigningKey,
    string PublicKey,
    IReadOnlyList<JwsKey> PublishedKeys,
    IReadOnlyList<Credential> AppTokens,
    IReadOnlyList<Credential> AppSecrets,
    IReadOnlyList<TemplateRow> Templates
)
{
    private byte[]? description;
    private string? tag;

    /// <summary>The id of the developer who has been an owner longest; null without owners.</summary>
    public string? OwnerId { get; init; }

    /// <summary>How many addresses or numbers a day the installation's providers send to for it; 0 for no limit.</summary>
    public int RecipientsPerDay { get; init; }

    /// <summary>The APIs that access tokens of the provider can be for.</summary>
    public IReadOnlyList<Resource> Resources { get; init; } = [];

    /// <summary>The providers that users can sign in with on the pages, also those that are off, in the order of their buttons.</summary>
    public IReadOnlyList<IdentityProvider> IdentityProviders { get; init; } = [];

    /// <summary>How its pages look; null before any version was published.</summary>
    public BrandVersion? Brand { get; init; }

    /// <summary>A hash like the slowest that an import brought; null when none did.</summary>
    public string? SlowestHash { get; init; }

    /// <summary>The CosyncJWT server whose tokens are accepted, if any.</summary>
    public LegacyServer? LegacyServer { get; init; }

    public string Id => Row.Id;

    /// <summary>What users read, on pages and in messages. Developers read the name in <see cref="Row"/>.</summary>
    public string Name => Brand?.Brand.Name is { Length: > 0 } name ? name : Row.Name;

    public string Status => Row.Status;

    /// <summary>
    /// Why the application may send no messages; null while it may. The operator stopped it, so it neither sends what is queued nor queues
    /// anything.
    /// </summary>
    public Error? CannotSend =>
        ApplicationStatusRules.IsSuspendedOrBlocked(Status)
            ? ErrorCodes.AppSuspended with
            {
                Message = $"The operator of this installation has {Status} the application, so it sends no messages.",
            }
            : null;

    public bool IsResetting => Row.Erasing == DeletionState.Reset;

    /// <summary>The response of getApplication, serialised once per revision.</summary>
    public byte[] Description => description ??= ApplicationDescription.Write(this);

    /// <summary>The entity tag of <see cref="Description"/> (RFC 9110 §8.8.3).</summary>
    public string DescriptionTag => tag ??= $"\"{Row.Revision.ToString(CultureInfo.InvariantCulture)}-{Id}\"";

    /// <summary>The published key with this id, to verify a token with; null for none.</summary>
    public JwsKey? FindPublishedKey(string? keyId) => PublishedKeys.FirstOrDefault(key => key.KeyId == keyId);

    public bool HasAppToken(string id, long now) => AppTokens.Any(token => token.Id == id && token.IsLive(now));

    public bool HasAppSecret(string hash, long now) => AppSecrets.Any(secret => secret.Id == hash && secret.IsLive(now));
}
