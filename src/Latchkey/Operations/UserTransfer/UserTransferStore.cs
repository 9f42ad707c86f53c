using System.Data.Common;
using Dapper;
using Latchkey.Data;
using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>The tables users and user_identities, in batches.</summary>
public sealed class UserTransferStore(Dialect dialect, TimeProvider clock)
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

    private static readonly string[] IdentityColumns = ["app_id", "id", "user_id", "provider", "subject", "email", "created_at"];

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

    /// <summary>Inserts the identities of users who were inserted or have none.</summary>
    public Task AddIdentities(DbConnection db, IReadOnlyList<ValidatedRow> rows, long now) =>
        dialect.InsertMany(
            db,
            "user_identities",
            IdentityColumns,
            [
                .. rows.SelectMany(row =>
                    row.Accounts.Select(account =>
                        new object?[] { row.User.AppId, Data.Ids.New(clock), row.User.Id, account.Provider, account.Subject, "", now }
                    )
                ),
            ]
        );

    /// <summary>The application's users with one of the rows' handles, user names, numbers, accounts or ids.</summary>
    public async Task<ExistingUsers> FindExisting(DbConnection db, string appId, IReadOnlyList<ValidatedRow> rows)
    {
        var met = new Dictionary<string, User>(StringComparer.Ordinal);
        foreach (var (column, values) in Keys([.. rows.Select(row => row.User)]).Where(key => key.Values.Length > 0))
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

        return new ExistingUsers(met.Values, await FindOwners(db, appId, [.. rows.SelectMany(row => row.Accounts)]));
    }

    private async Task<IReadOnlyDictionary<ProviderAccount, string>> FindOwners(
        DbConnection db,
        string appId,
        IReadOnlyList<ProviderAccount> accounts
    )
    {
        var owners = new Dictionary<ProviderAccount, string>();
        foreach (var byProvider in accounts.GroupBy(account => account.Provider, StringComparer.Ordinal))
        {
            string[] subjects = [.. byProvider.Select(account => account.Subject).Distinct(StringComparer.Ordinal)];
            foreach (
                var (subject, userId) in await db.QueryAsync<(string Subject, string UserId)>(
                    "SELECT subject, user_id FROM user_identities WHERE app_id = @appId AND provider = @provider AND subject "
                        + dialect.InArray("subjects"),
                    new
                    {
                        appId,
                        provider = byProvider.Key,
                        subjects,
                    }
                )
            )
            {
                owners[new ProviderAccount(byProvider.Key, subject)] = userId;
            }
        }

        return owners;
    }

    /// <summary>Updates all columns that a file can contain.</summary>
    public Task Replace(DbConnection db, User user) =>
        db.ExecuteAsync(
            """
            UPDATE users SET user_name = @UserName, origin = @Origin, status = @Status, locale = @Locale, email_verified = @EmailVerified,
              password_hash = @PasswordHash, password_prehashed = @PasswordPrehashed, metadata = @Metadata,
              invite_metadata = @InviteMetadata, login_provider = @LoginProvider,
              phone = @Phone, pending_phone = @PendingPhone,
              two_factor_google = @TwoFactorGoogle, two_factor_phone = @TwoFactorPhone, totp_seed_sealed = @TotpSeedSealed,
              last_login_at = @LastLoginAt, created_at = @CreatedAt, updated_at = @UpdatedAt
            WHERE app_id = @AppId AND id = @Id
            """,
            user
        );

    /// <summary>All users of the application, oldest first, streamed in one statement and so as of one moment.</summary>
    public IAsyncEnumerable<ExportedUser> All(DbConnection db, string appId) => Read(db, "u.app_id = @appId", new { appId });

    /// <summary>Those of these users who have an address, oldest first. The handle of an anonymous user is a credential.</summary>
    public IAsyncEnumerable<ExportedUser> WithAddress(DbConnection db, string appId, string[] ids) =>
        Read(db, $"u.app_id = @appId AND u.anonymous = FALSE AND u.id {dialect.InArray("ids")}", new { appId, ids });

    private static async IAsyncEnumerable<ExportedUser> Read(DbConnection db, string condition, object values)
    {
        await using var reader = await db.ExecuteReaderAsync(
            $"""
            SELECT {UserStore.Columns}, i.provider, i.subject
            FROM users u LEFT JOIN user_identities i ON i.app_id = u.app_id AND i.user_id = u.id
            WHERE {condition} ORDER BY u.created_at, u.id, i.provider, i.subject
            """,
            values
        );
        IRow row = new ReaderRow(reader);
        User? user = null;
        List<ProviderAccount> accounts = [];
        while (await reader.ReadAsync())
        {
            if (user is not null && user.Id != row.GetString(0))
            {
                yield return new ExportedUser(user, accounts);
                (user, accounts) = (null, []);
            }

            user ??= UserStore.Read(row);
            if (row.GetStringOrNull(UserStore.ColumnCount) is { } provider)
            {
                accounts.Add(new ProviderAccount(provider, row.GetString(UserStore.ColumnCount + 1)));
            }
        }

        if (user is not null)
        {
            yield return new ExportedUser(user, accounts);
        }
    }

    private static IEnumerable<(string Column, string[] Values)> Keys(IReadOnlyList<User> rows)
    {
        string[] Of(Func<User, string?> key) => [.. rows.Select(key).OfType<string>().Distinct(StringComparer.Ordinal)];

        return
        [
            ("handle_key", Of(u => u.HandleKey)),
            ("user_name", Of(u => u.UserName)),
            ("phone", Of(u => u.Phone)),
            ("id", Of(u => u.Id)),
        ];
    }
}
