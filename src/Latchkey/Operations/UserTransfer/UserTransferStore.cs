using System.Data.Common;
using Dapper;
using Latchkey.Data;
using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>The table users, in batches.</summary>
public sealed class UserTransferStore(Dialect dialect)
{
    private static readonly string[] Columns =
    [
        "id",
        "app_id",
        "handle",
        "handle_key",
        "user_name",
        "anonymous",
        "origin",
        "status",
        "locale",
        "email_verified",
        "password_hash",
        "password_prehashed",
        "metadata",
        "invite_metadata",
        "login_provider",
        "provider_subject",
        "phone",
        "pending_phone",
        "two_factor_google",
        "two_factor_phone",
        "totp_seed_sealed",
        "totp_last_step",
        "failed_logins",
        "last_login_at",
        "created_at",
        "updated_at",
    ];

    private static readonly string[] SessionColumns = ["id", "app_id", "user_id", "client", "created_at", "expires_at", "ended_at"];

    /// <summary>Inserts the users. Returns how many; fewer than given when a unique value was taken meanwhile.</summary>
    public Task<int> Add(DbConnection db, IReadOnlyList<User> users) =>
        dialect.InsertMany(
            db,
            "users",
            Columns,
            [
                .. users.Select(u =>
                    new object?[]
                    {
                        u.Id,
                        u.AppId,
                        u.Handle,
                        u.HandleKey,
                        u.UserName,
                        u.Anonymous,
                        u.Origin,
                        u.Status,
                        u.Locale,
                        u.EmailVerified,
                        u.PasswordHash,
                        u.PasswordPrehashed,
                        u.Metadata,
                        u.InviteMetadata,
                        u.LoginProvider,
                        u.ProviderSubject,
                        u.Phone,
                        u.PendingPhone,
                        u.TwoFactorGoogle,
                        u.TwoFactorPhone,
                        u.TotpSeedSealed,
                        u.TotpLastStep,
                        u.FailedLogins,
                        u.LastLoginAt,
                        u.CreatedAt,
                        u.UpdatedAt,
                    }
                ),
            ]
        );

    /// <summary>Inserts a session per user, with an id derived from the user's.</summary>
    public Task AddSessions(DbConnection db, IReadOnlyList<User> users, Func<User, string> id, long now, long expiresAt) =>
        dialect.InsertMany(
            db,
            "sessions",
            SessionColumns,
            [.. users.Select(u => new object?[] { id(u), u.AppId, u.Id, "", now, expiresAt, u.IsSuspended ? now : null })]
        );

    /// <summary>The ids among these that exist in the application.</summary>
    public async Task<IReadOnlySet<string>> Ids(DbConnection db, string appId, string[] ids) =>
        (
            await db.QueryAsync<string>($"SELECT id FROM users WHERE app_id = @appId AND id {dialect.InArray("ids")}", new { appId, ids })
        ).ToHashSet(StringComparer.Ordinal);

    /// <summary>The application's users with one of these handles, user names, numbers, social accounts or ids.</summary>
    public async Task<IReadOnlyList<User>> FindExisting(DbConnection db, string appId, IReadOnlyList<User> rows)
    {
        var met = new Dictionary<string, User>(StringComparer.Ordinal);
        foreach (var (column, values) in Keys(rows).Where(key => key.Values.Length > 0))
        {
            foreach (
                var user in await db.QueryAsync<User>(
                    $"SELECT {UserStore.Columns} FROM users u WHERE u.app_id = @appId AND u.{column} {dialect.InArray("values")}",
                    new { appId, values }
                )
            )
            {
                met[user.Id] = user;
            }
        }

        return [.. met.Values];
    }

    /// <summary>Updates all columns that a file can contain.</summary>
    public Task Replace(DbConnection db, User user) =>
        db.ExecuteAsync(
            """
            UPDATE users SET user_name = @UserName, origin = @Origin, status = @Status, locale = @Locale, email_verified = @EmailVerified,
              password_hash = @PasswordHash, password_prehashed = @PasswordPrehashed, metadata = @Metadata,
              invite_metadata = @InviteMetadata, login_provider = @LoginProvider, provider_subject = @ProviderSubject,
              phone = @Phone, pending_phone = @PendingPhone,
              two_factor_google = @TwoFactorGoogle, two_factor_phone = @TwoFactorPhone, totp_seed_sealed = @TotpSeedSealed,
              last_login_at = @LastLoginAt, created_at = @CreatedAt, updated_at = @UpdatedAt
            WHERE app_id = @AppId AND id = @Id
            """,
            user
        );

    /// <summary>All users of the application, oldest first, streamed.</summary>
    public IAsyncEnumerable<User> All(DbConnection db, string appId) =>
        db.QueryUnbufferedAsync<User>(
            $"SELECT {UserStore.Columns} FROM users u WHERE u.app_id = @appId ORDER BY u.created_at, u.id",
            new { appId }
        );

    private static IEnumerable<(string Column, string[] Values)> Keys(IReadOnlyList<User> rows)
    {
        string[] Of(Func<User, string?> key) => [.. rows.Select(key).OfType<string>().Distinct(StringComparer.Ordinal)];

        return
        [
            ("handle_key", Of(u => u.HandleKey)),
            ("user_name", Of(u => u.UserName)),
            ("phone", Of(u => u.Phone)),
            ("provider_subject", Of(u => u.ProviderSubject)),
            ("id", Of(u => u.Id)),
        ];
    }
}
