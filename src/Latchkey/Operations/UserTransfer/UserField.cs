namespace Latchkey.Operations.UserTransfer;

/// <summary>What a file can say of a user, in the order of an export.</summary>
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
