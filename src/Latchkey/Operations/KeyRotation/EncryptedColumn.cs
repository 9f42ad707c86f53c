using Latchkey.Accounts;
using Latchkey.Api.TwoFactor;
using Latchkey.Cryptography;
using Latchkey.Messages.Outbox;

namespace Latchkey.Operations.KeyRotation;

/// <summary>A column of texts that the key ring sealed, each for its own row. A feature that seals something adds its line here.</summary>
/// <param name="Description">What people call one of them.</param>
/// <param name="Id">The column of the primary key.</param>
/// <param name="Purpose">What a row's text is sealed for, by its id.</param>
public sealed record EncryptedColumn(string Table, string Column, string Description, Func<string, string> Purpose, string Id = "id")
{
    public static IReadOnlyList<EncryptedColumn> All { get; } =
    [
        new("signing_keys", "private_key_sealed", "private keys of applications", SigningKeys.Purpose),
        new("users", "totp_seed_sealed", "authenticator seeds of users", GoogleTwoFactor.SeedEncryptionPurpose),
        new("developers", "totp_seed_sealed", "authenticator seeds of portal accounts", PortalAuthenticator.SeedPurpose),
        new("developers", "totp_pending_sealed", "authenticator seeds that wait for their first code", PortalAuthenticator.SeedPurpose),
        new("messages", "body_sealed", "messages", MessageOutbox.Purpose),
        new("installation", "value", "the ring's mark in the database", name => name, Id: "name"),
    ];
}
