using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Users;

/// <summary>The table users. Every method takes the application's id and never returns users of another one.</summary>
public sealed class UserStore
{
    private const string InsertSql = """
        INSERT INTO users (id, app_id, handle, handle_key, user_name, anonymous, origin, status, locale, email_verified,
          password_hash, password_prehashed, metadata, invite_metadata, login_provider, phone, pending_phone,
          two_factor_google, two_factor_phone, totp_seed_sealed, totp_last_step, failed_logins, last_login_at, created_at, updated_at)
        VALUES (@Id, @AppId, @Handle, @HandleKey, @UserName, @Anonymous, @Origin, @Status, @Locale, @EmailVerified,
          @PasswordHash, @PasswordPrehashed, @Metadata, @InviteMetadata, @LoginProvider, @Phone, @PendingPhone,
          @TwoFactorGoogle, @TwoFactorPhone, @TotpSeedSealed, @TotpLastStep, @FailedLogins, @LastLoginAt, @CreatedAt, @UpdatedAt)
        """;

    /// <summary>All columns, for the table alias u.</summary>
    public const string Columns = """
        u.id, u.app_id, u.handle, u.user_name, u.anonymous, u.origin, u.status, u.locale, u.email_verified, u.password_hash,
        u.password_prehashed, u.metadata, u.invite_metadata, u.login_provider, u.phone, u.pending_phone,
        u.two_factor_google, u.two_factor_phone, u.totp_seed_sealed, u.totp_last_step, u.failed_logins, u.failed_codes,
        u.failed_code_at, u.last_login_at, u.created_at, u.updated_at, u.last_active_at, u.passkey_count
        """;

    /// <summary>How many <see cref="Columns"/> has.</summary>
    public const int ColumnCount = 28;

    /// <summary>Selects by <c>@appId</c> and <c>@handleKey</c>.</summary>
    public const string SelectByHandle = $"SELECT {Columns} FROM users u WHERE u.app_id = @appId AND u.handle_key = @handleKey";

    /// <summary>Reads a row that begins with <see cref="Columns"/>.</summary>
    public static User Read(IRow row) =>
        new()
        {
            Id = row.GetString(0),
            AppId = row.GetString(1),
            Handle = row.GetString(2),
            UserName = row.GetStringOrNull(3),
            Anonymous = row.GetBoolean(4),
            Origin = row.GetString(5),
            Status = row.GetString(6),
            Locale = row.GetString(7),
            EmailVerified = row.GetBoolean(8),
            PasswordHash = row.GetStringOrNull(9),
            PasswordPrehashed = row.GetBoolean(10),
            Metadata = row.GetString(11),
            InviteMetadata = row.GetString(12),
            LoginProvider = row.GetString(13),
            Phone = row.GetStringOrNull(14),
            PendingPhone = row.GetStringOrNull(15),
            TwoFactorGoogle = row.GetBoolean(16),
            TwoFactorPhone = row.GetBoolean(17),
            TotpSeedSealed = row.GetStringOrNull(18),
            TotpLastStep = row.GetInt64(19),
            FailedLogins = row.GetInt32(20),
            FailedCodes = row.GetInt32(21),
            FailedCodeAt = row.GetInt64(22),
            LastLoginAt = row.GetInt64OrNull(23),
            CreatedAt = row.GetInt64(24),
            UpdatedAt = row.GetInt64(25),
            LastActiveAt = row.GetInt64OrNull(26),
            PasskeyCount = row.GetInt32(27),
        };

    public Task<User?> Find(DbConnection db, string appId, string id) =>
        db.QuerySingleOrDefaultAsync<User>($"SELECT {Columns} FROM users u WHERE u.app_id = @appId AND u.id = @id", new { appId, id });

    /// <summary>As <see cref="Find"/>, with a row lock until the transaction ends.</summary>
    public Task<User?> FindForUpdate(DbConnection db, Dialect dialect, string appId, string id) =>
        db.QuerySingleOrDefaultAsync<User>(
            $"SELECT {Columns} FROM users u WHERE u.app_id = @appId AND u.id = @id {dialect.ForUpdate}",
            new { appId, id }
        );

    /// <summary>
    /// The users who are not anonymous and whose handle or user name begins so, or who have this id: three look-ups by indexes.
    /// </summary>
    /// <param name="typed">A normalised beginning, or an id.</param>
    public async Task<IReadOnlyList<User>> FindByPrefix(DbConnection db, string appId, string typed, int limit)
    {
        const string Some = "SELECT id, handle, user_name, status FROM users WHERE app_id = @appId AND";
        var (from, to) = LikePattern.PrefixRange(Handle.KeyOf(typed));
        return
        [
            .. await db.QueryAsync<User>(
                $"""
                SELECT * FROM ({Some} handle_key >= @from AND handle_key < @to AND (handle_key < 'ANON_' OR handle_key >= 'ANON`')
                  ORDER BY handle_key LIMIT @limit) by_handle
                UNION SELECT * FROM ({Some} user_name >= @from AND user_name < @to AND anonymous = FALSE
                  ORDER BY user_name LIMIT @limit) by_name
                UNION SELECT * FROM ({Some} id = @typed AND anonymous = FALSE) by_id
                ORDER BY handle LIMIT @limit
                """,
                new
                {
                    appId,
                    typed,
                    from,
                    to,
                    limit,
                }
            ),
        ];
    }

    /// <summary>The handles of the users with these ids, by id.</summary>
    public async Task<Dictionary<string, string>> Handles(DbConnection db, Dialect dialect, string appId, string[] ids) =>
        (
            await db.QueryAsync<(string Id, string Handle)>(
                $"SELECT id, handle FROM users WHERE app_id = @appId AND id {dialect.InArray("ids")}",
                new { appId, ids }
            )
        ).ToDictionary(row => row.Id, row => row.Handle, StringComparer.Ordinal);

    public Task<User?> FindByHandle(DbConnection db, string appId, string handle) =>
        db.QueryRow($"SELECT {Columns} FROM users u WHERE u.app_id = $1 AND u.handle_key = $2", Read, appId, Handle.KeyOf(handle));

    public Task<User?> FindByUserName(DbConnection db, string appId, string userName) =>
        db.QuerySingleOrDefaultAsync<User>(
            $"SELECT {Columns} FROM users u WHERE u.app_id = @appId AND u.user_name = @userName",
            new { appId, userName }
        );

    /// <summary>Finds the user who has verified this number.</summary>
    public Task<User?> FindByPhone(DbConnection db, string appId, string phone) =>
        db.QuerySingleOrDefaultAsync<User>(
            $"SELECT {Columns} FROM users u WHERE u.app_id = @appId AND u.phone = @phone AND u.anonymous = FALSE",
            new { appId, phone }
        );

    /// <summary>Only the id and the handle; nulls for an unknown one.</summary>
    public Task<(string? Id, string? Handle)> FindIdByHandle(DbConnection db, string appId, string handle) =>
        db.QuerySingleOrDefaultAsync<(string? Id, string? Handle)>(
            "SELECT id, handle FROM users WHERE app_id = @appId AND handle_key = @handleKey",
            new { appId, handleKey = Handle.KeyOf(handle) }
        );

    /// <summary>As <see cref="FindIdByHandle"/>, by user name.</summary>
    public Task<(string? Id, string? Handle)> FindIdByUserName(DbConnection db, string appId, string userName) =>
        db.QuerySingleOrDefaultAsync<(string? Id, string? Handle)>(
            "SELECT id, handle FROM users WHERE app_id = @appId AND user_name = @userName",
            new { appId, userName }
        );

    public async Task<bool> HandleExists(DbConnection db, string appId, string handle) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            "SELECT 1 FROM users WHERE app_id = @appId AND handle_key = @handleKey",
            new { appId, handleKey = Handle.KeyOf(handle) }
        )
            is not null;

    public async Task<bool> UserNameExists(DbConnection db, string appId, string userName) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            "SELECT 1 FROM users WHERE app_id = @appId AND user_name = @userName",
            new { appId, userName }
        )
            is not null;

    public Task<long> Count(DbConnection db, string appId) =>
        db.QuerySingleAsync<long>("SELECT COUNT(*) FROM users WHERE app_id = @appId", new { appId });

    /// <summary>Inserts the user; false when the application has one with this handle.</summary>
    public async Task<bool> Insert(DbConnection db, User user) =>
        await db.ExecuteAsync($"{InsertSql} ON CONFLICT (app_id, handle_key) DO NOTHING", user) == 1;

    /// <summary>
    /// Inserts a user whose handle was looked up and is free. If another transaction has inserted it since, this transaction runs again and
    /// must repeat the look-up.
    /// </summary>
    public Task InsertDeferred(DbConnection db, User user) => db.ExecuteDeferred(InsertSql, user);

    /// <summary>
    /// Turns an anonymous user into one with an address, keeping id, user name and creation time. False when it is no longer anonymous.
    /// </summary>
    public async Task<bool> Upgrade(DbConnection db, User user) =>
        await db.ExecuteAsync(
            $"""
            UPDATE users SET handle = @Handle, handle_key = @HandleKey, anonymous = FALSE, origin = @Origin, locale = @Locale,
              email_verified = @EmailVerified, password_hash = @PasswordHash, password_prehashed = @PasswordPrehashed, metadata = @Metadata,
              invite_metadata = @InviteMetadata, login_provider = @LoginProvider, updated_at = @UpdatedAt
            WHERE app_id = @AppId AND id = @Id AND anonymous = TRUE AND status = '{UserStatus.Active}'
            """,
            user
        ) == 1;

    /// <summary>Sets the user name; false when the user has one.</summary>
    /// <exception cref="DbException">Unique violation of <c>user_name</c>: another user has it.</exception>
    public async Task<bool> SetUserName(DbConnection db, string appId, string id, UserName userName, long now) =>
        await db.ExecuteAsync(
            "UPDATE users SET user_name = @name, updated_at = @now WHERE app_id = @appId AND id = @id AND user_name IS NULL",
            new
            {
                appId,
                id,
                name = userName.Text,
                now,
            }
        ) == 1;

    public Task SetLocale(DbConnection db, string appId, string id, string locale, long now) =>
        db.ExecuteAsync(
            "UPDATE users SET locale = @locale, updated_at = @now WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                locale,
                now,
            }
        );

    public Task SetMetadata(DbConnection db, string appId, string id, string metadata, long now) =>
        db.ExecuteAsync(
            "UPDATE users SET metadata = @metadata, updated_at = @now WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                metadata,
                now,
            }
        );

    /// <summary>Replaces the metadata if it still equals <paramref name="seen"/>; false when it was changed concurrently.</summary>
    public async Task<bool> ReplaceMetadata(DbConnection db, string appId, string id, string seen, string metadata, long now) =>
        await db.ExecuteAsync(
            "UPDATE users SET metadata = @metadata, updated_at = @now WHERE app_id = @appId AND id = @id AND metadata = @seen",
            new
            {
                appId,
                id,
                seen,
                metadata,
                now,
            }
        ) == 1;

    /// <summary>
    /// Replaces the password hash if it still equals <paramref name="replaced"/>; false when it was changed concurrently.
    /// </summary>
    public async Task<bool> SetPassword(
        DbConnection db,
        string appId,
        string id,
        string? replaced,
        string hash,
        bool prehashed,
        long now
    ) =>
        await db.ExecuteAsync(
            """
            UPDATE users SET password_hash = @hash, password_prehashed = @prehashed, failed_logins = 0, failed_codes = 0,
              updated_at = @now
            WHERE app_id = @appId AND id = @id AND (@replaced IS NULL OR password_hash = @replaced)
            """,
            new
            {
                appId,
                id,
                replaced,
                hash,
                prehashed,
                now,
            }
        ) == 1;

    /// <summary>Gives a user another address, which is proved. It violates the unique key when somebody has it.</summary>
    public Task SetHandle(DbConnection db, string appId, string id, string handle, long now) =>
        db.ExecuteAsync(
            """
            UPDATE users SET handle = @handle, handle_key = @handleKey, email_verified = TRUE, updated_at = @now
            WHERE app_id = @appId AND id = @id
            """,
            new
            {
                appId,
                id,
                handle,
                handleKey = Handle.KeyOf(handle),
                now,
            }
        );

    public Task SetEmailVerified(DbConnection db, string appId, string id, long now) =>
        db.ExecuteAsync(
            "UPDATE users SET email_verified = TRUE, updated_at = @now WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                now,
            }
        );

    public Task RemovePassword(DbConnection db, string appId, string id, long now) =>
        db.ExecuteAsync(
            """
            UPDATE users SET password_hash = NULL, password_prehashed = FALSE, failed_logins = 0, failed_codes = 0, updated_at = @now
            WHERE app_id = @appId AND id = @id
            """,
            new
            {
                appId,
                id,
                now,
            }
        );

    /// <summary>
    /// Marks the address as verified by a mailed code. Disables second factors unless they are kept. If the address was never verified
    /// before, also removes what an earlier, unverified owner may have set: second factors, phone number and user name.
    /// </summary>
    public Task ConfirmEmail(DbConnection db, string appId, string id, bool keepsTwoFactor, long now) =>
        db.ExecuteAsync(
            """
            UPDATE users SET
              two_factor_google = two_factor_google AND @keepsTwoFactor AND email_verified,
              two_factor_phone = two_factor_phone AND @keepsTwoFactor AND email_verified,
              totp_seed_sealed = CASE WHEN @keepsTwoFactor AND email_verified THEN totp_seed_sealed ELSE NULL END,
              phone = CASE WHEN email_verified THEN phone ELSE NULL END,
              pending_phone = NULL,
              user_name = CASE WHEN email_verified THEN user_name ELSE NULL END,
              email_verified = TRUE,
              updated_at = @now
            WHERE app_id = @appId AND id = @id
            """,
            new
            {
                appId,
                id,
                keepsTwoFactor,
                now,
            }
        );

    /// <summary>Gives a user the first password; false when the user has one by now.</summary>
    public async Task<bool> SetFirstPassword(DbConnection db, string appId, string id, string hash, bool prehashed, long now) =>
        await db.ExecuteAsync(
            """
            UPDATE users SET password_hash = @hash, password_prehashed = @prehashed, failed_logins = 0, updated_at = @now
            WHERE app_id = @appId AND id = @id AND password_hash IS NULL
            """,
            new
            {
                appId,
                id,
                hash,
                prehashed,
                now,
            }
        ) == 1;

    /// <summary>Sets or replaces the authenticator secret and the switch.</summary>
    public Task SetTotp(DbConnection db, string appId, string id, string? seedSealed, long now) =>
        db.ExecuteAsync(
            "UPDATE users SET totp_seed_sealed = @seedSealed, two_factor_google = @on, totp_last_step = 0, updated_at = @now "
                + "WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                seedSealed,
                on = seedSealed is not null,
                now,
            }
        );

    /// <summary>Marks a time step as used; false when it or a later one was used before.</summary>
    public async Task<bool> MarkTotpStepUsed(DbConnection db, string appId, string id, long step) =>
        await db.ExecuteAsync(
            "UPDATE users SET totp_last_step = @step WHERE app_id = @appId AND id = @id AND totp_last_step < @step",
            new
            {
                appId,
                id,
                step,
            }
        ) == 1;

    public Task SetPendingPhone(DbConnection db, string appId, string id, string phone, long now) =>
        db.ExecuteAsync(
            "UPDATE users SET pending_phone = @phone, updated_at = @now WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                phone,
                now,
            }
        );

    public async Task<bool> IsPhoneTaken(DbConnection db, string appId, string id, string phone) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            "SELECT 1 FROM users WHERE app_id = @appId AND phone = @phone AND id <> @id",
            new
            {
                appId,
                id,
                phone,
            }
        )
            is not null;

    /// <summary>Sets the verified number.</summary>
    /// <exception cref="DbException">Unique violation of <c>phone</c>: another user has verified it.</exception>
    public Task SetPhone(DbConnection db, string appId, string id, string phone, long now) =>
        db.ExecuteAsync(
            "UPDATE users SET phone = @phone, pending_phone = NULL, updated_at = @now WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                phone,
                now,
            }
        );

    public Task SetTwoFactorPhone(DbConnection db, string appId, string id, bool on, long now) =>
        db.ExecuteAsync(
            "UPDATE users SET two_factor_phone = @on, updated_at = @now WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                on,
                now,
            }
        );

    /// <summary>The user who has an identity of a provider.</summary>
    public Task<User?> FindBySubject(DbConnection db, string appId, string provider, string subject) =>
        db.QuerySingleOrDefaultAsync<User>(
            $"""
            SELECT {Columns} FROM users u JOIN user_identities i ON i.app_id = u.app_id AND i.user_id = u.id
            WHERE i.app_id = @appId AND i.provider = @provider AND i.subject = @subject
            """,
            new
            {
                appId,
                provider,
                subject,
            }
        );

    /// <summary>
    /// Sets how the user signs in, after the identity that it signed up with was removed. The column provider_subject is for nodes of the
    /// previous release, which must not find the user by it any more.
    /// </summary>
    public Task SetLoginProvider(DbConnection db, string appId, string id, string loginProvider, long now) =>
        db.ExecuteAsync(
            "UPDATE users SET login_provider = @loginProvider, provider_subject = NULL, updated_at = @now "
                + "WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                loginProvider,
                now,
            }
        );

    /// <summary>
    /// Deletes up to <paramref name="limit"/> anonymous users without a live session whose last login is older, or who were imported and
    /// never logged in. Returns their handles.
    /// </summary>
    public async Task<IReadOnlyList<string>> RemoveInactiveAnonymous(DbConnection db, string appId, long unseenSince, long now, int limit)
    {
        const string isSignedOut = $"""
            (last_active_at IS NULL OR last_active_at < @unseenSince)
              AND NOT EXISTS (SELECT 1 FROM sessions WHERE app_id = users.app_id AND user_id = users.id AND {SessionStore.Live})
            """;
        return
        [
            .. await db.QueryAsync<string>(
                $"""
                DELETE FROM users WHERE app_id = @appId AND id IN (
                  SELECT id FROM (
                    SELECT id FROM (SELECT id FROM users WHERE app_id = @appId AND anonymous = TRUE AND last_login_at < @unseenSince
                      AND {isSignedOut} ORDER BY last_login_at LIMIT @limit) seen
                    UNION ALL
                    SELECT id FROM (SELECT id FROM users WHERE app_id = @appId AND anonymous = TRUE AND last_login_at IS NULL
                      AND created_at < @unseenSince AND {isSignedOut} LIMIT @limit) never
                  ) inactive LIMIT @limit)
                RETURNING handle
                """,
                new
                {
                    appId,
                    unseenSince,
                    now,
                    limit,
                }
            ),
        ];
    }

    /// <summary>Suspends or activates the user; false when there is none.</summary>
    public async Task<bool> SetStatus(DbConnection db, string appId, string id, string status, long now) =>
        await db.ExecuteAsync(
            "UPDATE users SET status = @status, failed_logins = 0, failed_codes = 0, updated_at = @now WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                status,
                now,
            }
        ) == 1;

    public Task RecordLogin(DbConnection db, string appId, string id, long now) =>
        db.ExecuteDeferred(
            "UPDATE users SET last_login_at = @now, failed_logins = 0, failed_codes = 0 WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                now,
            }
        );

    /// <summary>Records that the user was active without a login: a session was refreshed.</summary>
    public Task RecordActivity(DbConnection db, string appId, string id, long now) =>
        db.ExecuteDeferred(
            "UPDATE users SET last_active_at = @now WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                now,
            }
        );

    /// <summary>Counts a wrong second-factor code. The caller's transaction has locked the user's row.</summary>
    public Task RecordFailedCode(DbConnection db, string appId, string id, long now) =>
        db.ExecuteDeferred(
            "UPDATE users SET failed_codes = failed_codes + 1, failed_code_at = @now WHERE app_id = @appId AND id = @id",
            new
            {
                appId,
                id,
                now,
            }
        );

    /// <summary>
    /// Counts a login attempt before the password is verified. Returns the count, or null when it has reached <paramref
    /// name="maxAttempts"/>.
    /// </summary>
    public Task<int?> TryAcquireLoginAttempt(DbConnection db, string appId, string id, int maxAttempts) =>
        db.QuerySingleOrDefaultAsync<int?>(
            "UPDATE users SET failed_logins = failed_logins + 1 WHERE app_id = @appId AND id = @id AND failed_logins < @maxAttempts "
                + "RETURNING failed_logins",
            new
            {
                appId,
                id,
                maxAttempts,
            }
        );

    public Task ReleaseLoginAttempt(DbConnection db, string appId, string id) =>
        db.ExecuteAsync(
            "UPDATE users SET failed_logins = failed_logins - 1 WHERE app_id = @appId AND id = @id AND failed_logins > 0",
            new { appId, id }
        );

    public Task ResetFailedLogins(DbConnection db, string appId, string id) =>
        db.ExecuteDeferred(
            "UPDATE users SET failed_logins = 0 WHERE app_id = @appId AND id = @id AND failed_logins > 0",
            new { appId, id }
        );

    /// <summary>Forgets wrong passwords and wrong second-factor codes.</summary>
    public Task ResetFailures(DbConnection db, string appId, string id) =>
        db.ExecuteDeferred("UPDATE users SET failed_logins = 0, failed_codes = 0 WHERE app_id = @appId AND id = @id", new { appId, id });

    /// <summary>
    /// Counts the users of a locale, up to <paramref name="limit"/>. EN is not counted: most users have it, and no index covers it.
    /// </summary>
    public Task<int> CountByLocale(DbConnection db, string appId, string locale, int limit) =>
        db.QuerySingleAsync<int>(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM users WHERE app_id = @appId AND locale = @locale AND locale <> 'EN' "
                + "LIMIT @limit) counted",
            new
            {
                appId,
                locale,
                limit,
            }
        );

    public async Task<bool> Delete(DbConnection db, string appId, string id) =>
        await db.ExecuteAsync("DELETE FROM users WHERE app_id = @appId AND id = @id", new { appId, id }) == 1;

    /// <summary>Deletes up to <paramref name="limit"/> users with their sessions and codes. Returns how many.</summary>
    public Task<int> RemoveBatch(DbConnection db, string appId, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM users WHERE app_id = @appId AND id IN (SELECT id FROM users WHERE app_id = @appId ORDER BY created_at, id "
                + "LIMIT @limit)",
            new { appId, limit }
        );

    /// <summary>
    /// A page of users, newest first, after the cursor's position. Returns <paramref name="size"/> + 1 rows when there is a next page.
    /// </summary>
    public async Task<IReadOnlyList<User>> Page(DbConnection db, string appId, UserQuery query, int size) =>
        [
            .. await db.QueryAsync<User>(
                $"""
                SELECT {Columns} FROM users u
                WHERE u.app_id = @appId
                  AND (@search = '' OR u.handle LIKE @pattern ESCAPE '\' OR u.handle_key LIKE @keyPattern ESCAPE '\'
                    OR (u.anonymous = TRUE AND lower(u.handle) LIKE @pattern ESCAPE '\') OR u.user_name LIKE @pattern ESCAPE '\')
                  AND (@status = '' OR u.status = @status)
                  AND (u.created_at < @before OR (u.created_at = @before AND u.id < @beforeId))
                ORDER BY u.created_at DESC, u.id DESC
                LIMIT @limit
                """,
                new
                {
                    appId,
                    search = query.Search,
                    pattern = LikePattern.Containing(query.Search),
                    keyPattern = LikePattern.Containing(Handle.KeyOf(query.Search)),
                    status = query.Status,
                    before = query.BeforeCreatedAt,
                    beforeId = query.BeforeId,
                    limit = size + 1,
                }
            ),
        ];
}
