using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Latchkey.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using SQLitePCL;

namespace Latchkey.Bench;

/// <summary>
/// The limits that Latchkey is measured against, as fast as we can write them: a minimal API that answers the same bytes; one that makes
/// one indexed SELECT of ten columns before; one that commits one INSERT and makes one RS256 signature, or signs one link to a bucket;
/// one that commits one UPDATE by key and makes one RS256 signature; one that makes one SELECT, verifies one ES256 signature, commits one
/// UPDATE and one INSERT, and makes one RS256 signature; one that makes one SELECT and one RS256 signature; and a code flow of two
/// requests, one SELECT and a redirect, then one SELECT, a commit of one UPDATE and one INSERT, and two RS256 signatures. PostgreSQL is
/// asked by Npgsql alone, SQLite by its C functions, both with prepared statements. <c>bare ADDRESS ANSWER-FILE [DATABASE]</c>
/// </summary>
public static class BareServer
{
    /// <summary>As many as a node of Latchkey opens.</summary>
    private const int Connections = 30;
    private const int Columns = 10;
    internal const int UpdatedRows = 256;
    private const string Selected =
        "id, handle, user_name, anonymous, status, locale, email_verified, metadata, last_login_at, created_at FROM users";

    public static async Task Run(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(args[0]);
        var app = builder.Build();
        var answer = await File.ReadAllBytesAsync(args[1]);
        app.MapGet("/same", (HttpContext context) => Answer(context, answer));
        if (args.Length > 2)
        {
            using var key = RSA.Create(2048);
            if (PostgresDatabase.IsPostgres(args[2]))
            {
                MapPostgres(app, answer, args[2], key);
            }
            else
            {
                MapSqlite(app, answer, args[2], key);
            }

            await app.RunAsync();
            return;
        }

        await app.RunAsync();
    }

    private static Task Answer(HttpContext context, byte[] answer)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        return context.Response.Body.WriteAsync(answer, 0, answer.Length);
    }

    private static void MapPostgres(WebApplication app, byte[] answer, string uri, RSA key)
    {
        var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ConnectionString(uri))
            {
                MaxPoolSize = Connections,
                MaxAutoPrepare = 10,
                AutoPrepareMinUsages = 1,
            }
        );
        async Task Select(string app, string id)
        {
            await using var command = source.CreateCommand($"SELECT {Selected} WHERE app_id = $1 AND id = $2");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = app });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            Read(reader);
        }

        app.MapGet(
            "/select/{app}/{id}",
            async (HttpContext context, string app, string id) =>
            {
                await Select(app, id);
                await Answer(context, answer);
            }
        );
        MapSignIns(
            app,
            key,
            Select,
            async row =>
            {
                await using var batch = source.CreateBatch(); // one transaction, one round trip
                batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE bare_users SET created_at = created_at + 1 WHERE id = $1"));
                batch.BatchCommands[0].Parameters.Add(new NpgsqlParameter<string> { TypedValue = row });
                batch.BatchCommands.Add(
                    new NpgsqlBatchCommand("INSERT INTO bare_users (id, app_id, handle, created_at) VALUES ($1, 'bare', $1, 1)")
                );
                batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<string> { TypedValue = Guid.CreateVersion7().ToString() });
                await batch.ExecuteNonQueryAsync();
            }
        );
        MapChanges(
            app,
            key,
            async () =>
            {
                await using (
                    var command = source.CreateCommand("INSERT INTO bare_users (id, app_id, handle, created_at) VALUES ($1, $2, $3, $4)")
                )
                {
                    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Guid.CreateVersion7().ToString() });
                    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "bare" });
                    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Guid.CreateVersion7().ToString() });
                    command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 1 });
                    await command.ExecuteNonQueryAsync();
                }
            },
            async id =>
            {
                await using var command = source.CreateCommand("UPDATE bare_users SET created_at = created_at + 1 WHERE id = $1");
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
                await command.ExecuteNonQueryAsync();
            }
        );
    }

    private static void MapChanges(WebApplication app, RSA key, Func<Task> insert, Func<string, Task> update)
    {
        var updates = 0;
        app.MapPost(
            "/update",
            async (HttpContext context) =>
            {
                await update(RowId(Interlocked.Increment(ref updates)));
                await Answer(context, Sign(key));
            }
        );
        app.MapPost(
            "/update-twice-signed",
            async (HttpContext context) =>
            {
                await update(RowId(Interlocked.Increment(ref updates)));
                await Answer(context, [.. Sign(key), .. Sign(key)]);
            }
        );
        var bucket = new AmazonS3Client(
            new BasicAWSCredentials("key", "secret"),
            new AmazonS3Config { ServiceURL = "https://s3.example.com", AuthenticationRegion = "us-east-1" }
        );
        app.MapPost(
            "/insert",
            async (HttpContext context) =>
            {
                await insert();
                await Answer(context, Sign(key));
            }
        );
        app.MapPost(
            "/insert-link",
            async (HttpContext context) =>
            {
                await insert();
                await Answer(context, Link(bucket));
            }
        );
    }

    private static void MapSignIns(WebApplication app, RSA key, Func<string, string, Task> select, Func<string, Task> change)
    {
        MapPasskey(app, key, select, change);
        MapProvider(app, key, select, change);
    }

    /// <summary>What a client's own token, and a code flow, cannot do without.</summary>
    private static void MapProvider(WebApplication app, RSA key, Func<string, string, Task> select, Func<string, Task> change)
    {
        var location = $"https://client.example.com/callback?code={Convert.ToHexString(RandomNumberGenerator.GetBytes(300))}&state=state";
        var requests = 0;
        app.MapPost(
            "/sign/{app}/{id}",
            async (HttpContext context, string app, string id) =>
            {
                await select(app, id);
                await Answer(context, Sign(key));
            }
        );
        app.MapGet(
            "/code/{app}/{id}",
            async (HttpContext context, string app, string id) =>
            {
                await select(app, id);
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = location;
            }
        );
        app.MapPost(
            "/code/{app}/{id}",
            async (HttpContext context, string app, string id) =>
            {
                await select(app, id);
                await change(RowId(Interlocked.Increment(ref requests)));
                await Answer(context, [.. Sign(key), .. Sign(key)]);
            }
        );
    }

    /// <summary>What a sign-in with a passkey cannot do without.</summary>
    private static void MapPasskey(WebApplication app, RSA key, Func<string, string, Task> select, Func<string, Task> change)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var data = RandomNumberGenerator.GetBytes(37 + 32);
        var signature = made.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var publicKey = made.ExportParameters(includePrivateParameters: false);
        var requests = 0;
        app.MapPost(
            "/passkey/{app}/{id}",
            async (HttpContext context, string app, string id) =>
            {
                await select(app, id);
                using (var stored = ECDsa.Create(publicKey))
                {
                    if (!stored.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
                    {
                        throw new InvalidOperationException("the signature is wrong");
                    }
                }

                await change(RowId(Interlocked.Increment(ref requests)));
                await Answer(context, Sign(key));
            }
        );
    }

    private static byte[] Link(AmazonS3Client bucket)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = "files",
            Key = $"bench/{Guid.CreateVersion7()}/original/beach.png",
            Verb = HttpVerb.PUT,
            ContentType = "image/png",
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(15),
        };
        request.Headers.ContentLength = 1000;
        return Encoding.UTF8.GetBytes($"{{\"writeUrl\":\"{bucket.GetPreSignedURL(request)}\"}}");
    }

    private static void Read(NpgsqlDataReader reader)
    {
        for (var column = 0; column < Columns; column++)
        {
            if (!reader.IsDBNull(column))
            {
                _ =
                    reader.GetFieldType(column) == typeof(string) ? reader.GetString(column).Length
                    : reader.GetFieldType(column) == typeof(bool) ? Convert.ToInt32(reader.GetBoolean(column))
                    : reader.GetInt64(column);
            }
        }
    }

    private static void MapSqlite(WebApplication app, byte[] answer, string file, RSA key)
    {
        var select = new ThreadLocal<sqlite3_stmt>(() => Prepare(Open(file), $"SELECT {Selected} WHERE app_id = ?1 AND id = ?2"));
        var writer = Open(file);
        Check(raw.sqlite3_exec(writer, "PRAGMA synchronous = FULL")); // an answered insert is on the disk, as ours is
        var insert = Prepare(writer, "INSERT INTO bare_users (id, app_id, handle, created_at) VALUES (?1, ?2, ?3, ?4)");
        var update = Prepare(writer, "UPDATE bare_users SET created_at = created_at + 1 WHERE id = ?1");
        var turn = new SemaphoreSlim(1); // SQLite has one writer
        void Select(string app, string id)
        {
            var statement = select.Value!;
            raw.sqlite3_bind_text(statement, 1, app);
            raw.sqlite3_bind_text(statement, 2, id);
            if (raw.sqlite3_step(statement) != raw.SQLITE_ROW)
            {
                throw new InvalidOperationException("no such user");
            }

            for (var column = 0; column < Columns; column++)
            {
                switch (raw.sqlite3_column_type(statement, column))
                {
                    case raw.SQLITE_TEXT:
                        _ = raw.sqlite3_column_text(statement, column).utf8_to_string();
                        break;
                    case raw.SQLITE_INTEGER:
                        _ = raw.sqlite3_column_int64(statement, column);
                        break;
                }
            }

            raw.sqlite3_reset(statement);
        }

        void Step(sqlite3_stmt statement)
        {
            if (raw.sqlite3_step(statement) != raw.SQLITE_DONE)
            {
                throw new InvalidOperationException("not written");
            }

            raw.sqlite3_reset(statement);
        }

        app.MapGet(
            "/select/{app}/{id}",
            (HttpContext context, string app, string id) =>
            {
                Select(app, id);
                return Answer(context, answer);
            }
        );
        var (begin, commit) = (Prepare(writer, "BEGIN IMMEDIATE"), Prepare(writer, "COMMIT"));
        MapSignIns(
            app,
            key,
            (app, id) =>
            {
                Select(app, id);
                return Task.CompletedTask;
            },
            async row =>
            {
                await turn.WaitAsync();
                try
                {
                    Step(begin);
                    raw.sqlite3_bind_text(update, 1, row);
                    Step(update);
                    raw.sqlite3_bind_text(insert, 1, Guid.CreateVersion7().ToString());
                    raw.sqlite3_bind_text(insert, 2, "bare");
                    raw.sqlite3_bind_text(insert, 3, Guid.CreateVersion7().ToString());
                    raw.sqlite3_bind_int64(insert, 4, 1);
                    Step(insert);
                    Step(commit);
                }
                finally
                {
                    turn.Release();
                }
            }
        );
        MapChanges(
            app,
            key,
            async () =>
            {
                await turn.WaitAsync();
                try
                {
                    raw.sqlite3_bind_text(insert, 1, Guid.CreateVersion7().ToString());
                    raw.sqlite3_bind_text(insert, 2, "bare");
                    raw.sqlite3_bind_text(insert, 3, Guid.CreateVersion7().ToString());
                    raw.sqlite3_bind_int64(insert, 4, 1);
                    if (raw.sqlite3_step(insert) != raw.SQLITE_DONE)
                    {
                        throw new InvalidOperationException("not inserted");
                    }

                    raw.sqlite3_reset(insert);
                }
                finally
                {
                    turn.Release();
                }
            },
            async id =>
            {
                await turn.WaitAsync();
                try
                {
                    raw.sqlite3_bind_text(update, 1, id);
                    if (raw.sqlite3_step(update) != raw.SQLITE_DONE)
                    {
                        throw new InvalidOperationException("not updated");
                    }

                    raw.sqlite3_reset(update);
                }
                finally
                {
                    turn.Release();
                }
            }
        );
    }

    /// <summary>The id of one of the rows that are updated in turn: enough that no request waits for another's row.</summary>
    internal static string RowId(int number) => $"row-{number % UpdatedRows}";

    /// <summary>Npgsql's form of a postgres:// address.</summary>
    internal static string ConnectionString(string uri) =>
        new Uri(uri) is var at ? $"Host={at.Host};Port={at.Port};Username={at.UserInfo};Database={at.AbsolutePath[1..]}" : "";

    private static sqlite3 Open(string file)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open_v2(file, out var db, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null));
        return db;
    }

    private static sqlite3_stmt Prepare(sqlite3 db, string sql)
    {
        Check(raw.sqlite3_prepare_v2(db, sql, out var statement));
        return statement;
    }

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite: {code}");
        }
    }

    private static byte[] Sign(RSA key)
    {
        var signature = key.SignData(
            Encoding.UTF8.GetBytes($"{{\"sub\":\"{Guid.CreateVersion7()}\"}}"),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return Encoding.UTF8.GetBytes($"{{\"jwt\":\"{Convert.ToBase64String(signature)}\"}}");
    }
}
