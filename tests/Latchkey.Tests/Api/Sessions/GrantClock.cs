using Dapper;
using Latchkey.Data;

namespace Latchkey.Tests.Api.Sessions;

/// <summary>Lets time pass for the refresh tokens of an application: their first uses move into the past.</summary>
internal static class GrantClock
{
    public static async Task LetTimePass(this App app, TimeSpan time) =>
        await (await app.Installation.Get<Database>()).Write(async db =>
        {
            var grants = await db.QueryAsync<(string Id, string Rotations)>(
                "SELECT id, rotations FROM session_grants WHERE app_id = @Id AND rotations <> ''",
                new { app.Id }
            );
            foreach (var (grant, rotations) in grants)
            {
                var earlier = string.Join(' ', rotations.Split(' ').Select(at => long.Parse(at) - (long)time.TotalMilliseconds));
                await db.ExecuteAsync(
                    "UPDATE session_grants SET rotations = @earlier WHERE app_id = @Id AND id = @grant",
                    new
                    {
                        app.Id,
                        grant,
                        earlier,
                    }
                );
            }

            return true;
        });

    /// <summary>Lets time pass whenever somebody connects and asks for it by HTTP.</summary>
    public static LoopbackListener OnRequest(App app, TimeSpan time) =>
        new(async stream =>
        {
            (await stream.ReadAsync(new byte[4096])).ShouldBePositive();
            await app.LetTimePass(time);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        });
}
