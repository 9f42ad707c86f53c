using Latchkey.Accounts;
using Latchkey.Api.TwoFactor;
using Latchkey.Cryptography;
using Latchkey.Messages.Outbox;

namespace Latchkey.Operations.KeyRotation;

/// <summary>A column of texts that the key ring sealed, each for its own row. A feature that seals something adds its line here.</summary>
/// <param name="Description">What people call one of them.</param>
/// <param name="Purpose">What a row's text is sealed for, by its id.</param>
/// <param name="Id">The column that names the row, in its application where it has one.</param>
/// <param name="IsOfApplication">The primary key begins with app_id; false in tables of the installation.</param>
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
        new("installation", "value", "the ring's mark in the database", name => name, Id: "name", IsOfApplication: false),
    ];

    /// <summary>The text of a row's App Id; empty where there is none.</summary>
    public string AppId => IsOfApplication ? "app_id" : "''";

    /// <summary>The columns of the primary key.</summary>
    public string Order => IsOfApplication ? $"app_id, {Id}" : Id;

    /// <summary>The condition that a row's key comes after <c>@AppId</c> and <c>@Id</c>.</summary>
    public string IsAfter => IsOfApplication ? $"(app_id, {Id}) > (@AppId, @Id)" : $"{Id} > @Id";
}
