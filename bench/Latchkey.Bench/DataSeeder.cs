using System.Data;
using Dapper;
using Latchkey.Applications;
using Latchkey.Data;

namespace Latchkey.Bench;

/// <summary>Rows by the million, written by the engine itself.</summary>
public sealed class DataSeeder(Database database)
{
    public const int Applications = 1_000;
    private const int UsersOfSmall = 100;
    private const int Batch = 50_000;
    private const string Metadata = """{"user_data.name":"Somebody"}""";

    /// <summary>Renews what the engine plans by.</summary>
    public static Task<int> Analyze(Database database) => database.Write(db => db.ExecuteAsync("ANALYZE", commandType: CommandType.Text));

    /// <summary>A thousand applications; the first has the many users, with a log and messages, the others a hundred users each.</summary>
    public async Task Fill(ApplicationRow first, int users)
    {
        await database.Write(db =>
            db.ExecuteAsync(
                $"""
                INSERT INTO applications (id, name, type, status, settings, revision, created_at, updated_at)
                SELECT {Hex(
                    "n",
                    32
                )}, 'Application ' || n, CASE WHEN n % 3 = 0 THEN 'commercial' ELSE 'development' END, CASE WHEN n % 20 = 0 THEN 'inactive' ELSE 'active' END, @Settings, 1, @CreatedAt - n * 3600000, @CreatedAt
                FROM {Numbers(1, Applications - 1)}
                """,
                new { first.Settings, first.CreatedAt }
            )
        );
        for (var from = 1; from <= users; from += Batch)
        {
            await Users("@app", from, Math.Min(users, from + Batch - 1), first);
            await Log(from, Math.Min(users, from + Batch - 1), first);
        }

        for (var app = 1; app < Applications; app += 100)
        {
            await UsersOfMany(app, Math.Min(Applications - 1, app + 99), first);
        }

        await Analyze(database);
    }

    /// <summary>So many users of one application and nothing else.</summary>
    public async Task UsersAlone(ApplicationRow application, int users)
    {
        for (var from = 1; from <= users; from += Batch)
        {
            await Users("@app", from, Math.Min(users, from + Batch - 1), application);
        }

        await Analyze(database);
    }

    /// <summary>So many users of each.</summary>
    public async Task UsersOfEach(IReadOnlyList<ApplicationRow> applications, int each)
    {
        for (var i = 0; i < applications.Count; i++)
        {
            await Users("@app", (i * each) + 1, (i + 1) * each, applications[i]);
        }

        await Analyze(database);
    }

    /// <summary>Users of one application, numbered.</summary>
    public Task<int> Users(ApplicationRow application, int from, int to) => Users("@app", from, to, application);

    private Task<int> Users(string app, int from, int to, ApplicationRow first) =>
        database.Write(db =>
            db.ExecuteAsync(
                InsertUsers(app, Numbers(from, to)),
                new
                {
                    app = first.Id,
                    now = first.CreatedAt,
                    metadata = Metadata,
                    none = "{}",
                }
            )
        );

    private Task<int> UsersOfMany(int fromApp, int toApp, ApplicationRow first) =>
        database.Write(db =>
            db.ExecuteAsync(
                InsertUsers(
                    Hex("(n / 1000)", 32),
                    $"(SELECT a.n * 1000 + u.n AS n FROM {Numbers(fromApp, toApp, "a")} CROSS JOIN {Numbers(1, UsersOfSmall, "u")}) AS pairs"
                ),
                new
                {
                    now = first.CreatedAt,
                    metadata = Metadata,
                    none = "{}",
                }
            )
        );

    private string InsertUsers(string app, string numbers)
    {
        const string handle = "'user' || ((n * 7919) % 10000019) || '.' || n || '@example' || (n % 97) || '.com'";
        return $"""
            INSERT INTO users (id, app_id, handle, handle_key, user_name, anonymous, origin, status, locale, email_verified, password_hash,
              password_prehashed, metadata, invite_metadata,
              login_provider, two_factor_google, two_factor_phone, totp_last_step, failed_logins, last_login_at, created_at, updated_at)
            SELECT '01900000-0000-7000-' || {(app == "@app" ? "'8000-'" : "'8001-'")} || {Hex(
                "n",
                12
            )}, {app}, {handle}, {handle}, CASE WHEN n % 4 = 0 THEN 'name' || n END,
              FALSE, CASE WHEN n % 5 = 0 THEN 'invitation' ELSE 'signup' END, CASE WHEN n % 50 = 0 THEN 'suspend' ELSE 'active' END, 'EN', TRUE, '$x', FALSE, @metadata, @none,
              '', FALSE, FALSE, 0, 0, CASE WHEN n % 3 > 0 THEN @now - (n % 90) * 86400000 - n END, @now - n * 1000, @now
            FROM {numbers}
            """;
    }

    private Task Log(int from, int to, ApplicationRow first) =>
        database.Write(async db =>
        {
            await db.ExecuteAsync(
                $"""
                INSERT INTO audit (id, app_id, action, actor, handle, code, detail, client, at)
                SELECT '01900000-0000-7000-9000-' || {Hex(
                    "n",
                    12
                )}, @app, CASE n % 4 WHEN 0 THEN 'signup' WHEN 1 THEN 'login' WHEN 2 THEN 'login' ELSE 'setUserMetadata' END, 'user',
                  'user' || n || '@example.com', CASE WHEN n % 10 = 1 THEN 600 ELSE 0 END, '', '192.0.2.' || (n % 250), @now - n * 7000
                FROM {Numbers(from, to)}
                """,
                new { app = first.Id, now = first.CreatedAt }
            );
            await db.ExecuteAsync(
                $"""
                INSERT INTO messages (id, app_id, channel, recipient, kind, status, attempts, answer, created_at, sent_at)
                SELECT '01900000-0000-7000-a000-' || {Hex(
                    "n",
                    12
                )}, @app, 'email', 'user' || n || '@example.com', 'signUp', CASE WHEN n % 500 = 0 THEN 'failed' ELSE 'sent' END, 1, '250 OK', @now - n * 7000, @now - n * 7000
                FROM {Numbers(from, to)}
                WHERE n % 5 = 0
                """,
                new { app = first.Id, now = first.CreatedAt }
            );
        });

    private bool IsPostgres => database is PostgresDatabase;

    private string Hex(string number, int digits) =>
        IsPostgres ? $"lpad(to_hex({number}), {digits}, '0')" : $"printf('%0{digits}x', {number})";

    private string Numbers(int from, int to, string name = "numbers") =>
        IsPostgres
            ? $"(SELECT generate_series({from}::bigint, {to}::bigint) AS n) AS {name}"
            : $"(WITH RECURSIVE counted(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM counted WHERE n < {to}) SELECT n FROM "
                + $"counted) AS {name}";
}
