namespace Latchkey.Operations.UserTransfer;

/// <summary>The fields of a user in a file, in export order.</summary>
public enum UserField
{
    Id,
    Handle,
    UserName,
    Status,
    Origin,
    Locale,
    EmailVerified,
    LoginProvider,
    ProviderSubject,
    LinkedIdentities,
    Phone,
    PendingPhone,
    TwoFactorPhone,
    CreatedAt,
    UpdatedAt,
    LastLogin,
    MetaData,
    InviteMetaData,
    PasswordHash,
    PasswordPrehashed,
    TotpSeed,
}
