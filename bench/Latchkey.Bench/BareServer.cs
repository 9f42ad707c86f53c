using System.Security.Cryptography;
using System.Text;
using Latchkey.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Latchkey.Bench;

/// <summary>
/// The limits that Latchkey is measured against: a minimal API that answers the same bytes; one that makes one indexed SELECT before;
/// one that commits one INSERT and makes one RS256 signature. <c>bare ADDRESS ANSWER-FILE [DATABASE]</c>
/// </summary>
public static class BareServer
{
    private const string Select = $"SELECT {Users.UserStore.Columns} FROM users u WHERE u.app_id = @app AND u.id = @id";
    private const string Insert = "INSERT INTO bare_users (id, app_id, handle, created_at) VALUES (@id, @app, @handle, @now)";

    public static async Task Run(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(args[0]);
        var app = builder.Build();
        var answer = await File.ReadAllBytesAsync(args[1]);
        app.MapGet("/same", () => Results.Bytes(answer, "application/json"));
        if (args.Length > 2)
        {
            MapDatabase(app, answer, args[2]);
        }

        await app.RunAsync();
    }

    private static void MapDatabase(WebApplication app, byte[] answer, string database)
    {
        if (PostgresDatabase.IsPostgres(database))
        {
            MapPostgres(app, answer, database);
        }
        else
        {
            MapSqlite(app, answer, database);
        }
    }

    private static void MapPostgres(WebApplication app, byte[] answer, string connection)
    {
        var source = NpgsqlDataSource.Create(Npgsql(connection));
        var key = RSA.Create(2048);
        app.MapGet(
            "/select/{app}/{id}",
            async (string app, string id) =>
            {
                await using var command = source.CreateCommand(Select);
                command.Parameters.AddWithValue("app", app);
                command.Parameters.AddWithValue("id", id);
                await using var reader = await command.ExecuteReaderAsync();
                return await reader.ReadAsync() ? Results.Bytes(answer, "application/json") : Results.NotFound();
            }
        );
        app.MapPost(
            "/insert",
            async () =>
            {
                await using (var command = source.CreateCommand(Insert))
                {
                    command.Parameters.AddWithValue("id", Guid.CreateVersion7().ToString());
                    command.Parameters.AddWithValue("app", "bare");
                    command.Parameters.AddWithValue("handle", Guid.CreateVersion7().ToString());
                    command.Parameters.AddWithValue("now", 1L);
                    await command.ExecuteNonQueryAsync();
                }

                return Results.Bytes(Sign(key), "application/json");
            }
        );
    }

    private static void MapSqlite(WebApplication app, byte[] answer, string file)
    {
        _ = Database.Open(file); // chooses the same SQLite library
        var key = RSA.Create(2048);
        var connection = $"Data Source={file}";
        var (writer, turn) = (Open(connection), new SemaphoreSlim(1));
        using (var pragma = writer.CreateCommand())
        {
            pragma.CommandText = "PRAGMA synchronous = FULL"; // an answered insert is on the disk, as ours is
            pragma.ExecuteNonQuery();
        }

        app.MapGet(
            "/select/{app}/{id}",
            (string app, string id) =>
            {
                using var db = Open(connection);
                using var command = db.CreateCommand();
                command.CommandText = Select;
                command.Parameters.AddWithValue("app", app);
                command.Parameters.AddWithValue("id", id);
                using var reader = command.ExecuteReader();
                return reader.Read() ? Results.Bytes(answer, "application/json") : Results.NotFound();
            }
        );
        app.MapPost(
            "/insert",
            async () =>
            {
                await turn.WaitAsync(); // SQLite has one writer
                try
                {
                    using var command = writer.CreateCommand();
                    command.CommandText = Insert;
                    command.Parameters.AddWithValue("id", Guid.CreateVersion7().ToString());
                    command.Parameters.AddWithValue("app", "bare");
                    command.Parameters.AddWithValue("handle", Guid.CreateVersion7().ToString());
                    command.Parameters.AddWithValue("now", 1L);
                    command.ExecuteNonQuery();
                }
                finally
                {
                    turn.Release();
                }

                return Results.Bytes(Sign(key), "application/json");
            }
        );
    }

    private static string Npgsql(string uri) =>
        new Uri(uri) is var at ? $"Host={at.Host};Port={at.Port};Username={at.UserInfo};Database={at.AbsolutePath[1..]}" : "";

    private static SqliteConnection Open(string connection)
    {
        var db = new SqliteConnection(connection);
        db.Open();
        return db;
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
