using Latchkey.Accounts;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Cryptography;
using Latchkey.Jobs;
using Latchkey.Messages.Outbox;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Storage;
using Latchkey.Users.Sessions;

namespace Latchkey.Operations.KeyRotation;

/// <summary>A column of texts encrypted by the key ring. A feature that encrypts a column adds it to the list here.</summary>
/// <param name="Description">What one such text is called.</param>
/// <param name="Purpose">The encryption purpose of a row's text, by row id.</param>
/// <param name="Id">The id column, unique within its application if it has one.</param>
/// <param name="IsOfApplication">The primary key begins with app_id; false for tables of the installation.</param>
public sealed record EncryptedColumn(
    string Table,
    string Column,
    string Description,
    Func<string, string> Purpose,
    string Id = "id",
    bool IsOfApplication = true
)
{
    public static IReadOnlyList<EncryptedColumn> All { get; } =
    [
        new("signing_keys", "private_key_sealed", "private keys of applications", SigningKeys.Purpose),
        new("users", "totp_seed_sealed", "authenticator seeds of users", GoogleTwoFactor.SeedEncryptionPurpose),
        new("user_codes", "seed_sealed", "authenticator seeds of users that wait for their first code", UserCode.SeedPurpose),
        new("session_grants", "secret_sealed", "secrets of refresh tokens", SessionGrant.SecretPurpose),
        new(
            "developers",
            "totp_seed_sealed",
            "authenticator seeds of portal accounts",
            PortalAuthenticator.SeedPurpose,
            IsOfApplication: false
        ),
        new(
            "developers",
            "totp_pending_sealed",
            "authenticator seeds that wait for their first code",
            PortalAuthenticator.SeedPurpose,
            IsOfApplication: false
        ),
        new("messages", "body_sealed", "messages", MessageOutbox.Purpose),
        new(
            "storage_settings",
            "secret_sealed",
            "secrets of applications' buckets",
            StorageSettings.SecretPurpose,
            Id: "app_id",
            IsOfApplication: false
        ),
        new("identity_providers", "secret_sealed", "secrets at providers that users sign in with", IdentityProvider.SecretPurpose),
        new("provider_sign_ins", "content_sealed", "sign-ins with other providers that are under way", PendingSignIns.Purpose),
        new("deferred_work", "input_sealed", "requests that were answered a moment ago", DeferredWork.Purpose, IsOfApplication: false),
        new("installation", "value", "the ring's mark in the database", name => name, Id: "name", IsOfApplication: false),
    ];

    /// <summary>The SQL expression of a row's App Id; empty for tables without one.</summary>
    public string AppId => IsOfApplication ? "app_id" : "''";

    /// <summary>The columns of the primary key.</summary>
    public string Order => IsOfApplication ? $"app_id, {Id}" : Id;

    /// <summary>The condition that a row's key comes after <c>@AppId</c> and <c>@Id</c>.</summary>
    public string IsAfter => IsOfApplication ? $"(app_id, {Id}) > (@AppId, @Id)" : $"{Id} > @Id";
}
