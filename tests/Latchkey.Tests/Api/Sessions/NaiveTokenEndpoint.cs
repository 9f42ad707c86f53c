using System.Net.Sockets;
using System.Web;

namespace Latchkey.Tests.Api.Sessions;

/// <summary>
/// A token endpoint (RFC 6749) that rotates refresh tokens as many servers do: each works once, and one that comes again ends its session.
/// </summary>
internal sealed class NaiveTokenEndpoint : IAsyncDisposable
{
    private readonly Dictionary<string, Family> families = new(StringComparer.Ordinal);
    private readonly Lock changing = new();
    private readonly LoopbackListener listener;

    public NaiveTokenEndpoint() => listener = new(Answer);

    public string Address => $"http://127.0.0.1:{listener.Port}/token";

    public ValueTask DisposeAsync() => listener.DisposeAsync();

    private async Task Answer(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var (isNew, length) = ((await reader.ReadLineAsync())?.StartsWith("GET", StringComparison.Ordinal) == true, 0);
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            length = header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(header.Split(':')[1]) : length;
        }

        var body = new char[length];
        if (length > 0)
        {
            await reader.ReadBlockAsync(body);
        }

        var answer =
            isNew ? SignIn()
            : Refresh(HttpUtility.ParseQueryString(new string(body))["refresh_token"]!) is { } next ? $$"""{"refresh_token":"{{next}}"}"""
            : null;
        var text = answer ?? """{"error":"invalid_grant"}""";
        await stream.WriteAsync(
            System.Text.Encoding.UTF8.GetBytes(
                $"HTTP/1.1 {(answer is null ? "400 Bad Request" : "200 OK")}\r\nConnection: close\r\nContent-Length: {text.Length}\r\n\r\n{text}"
            )
        );
    }

    private string SignIn()
    {
        lock (changing)
        {
            return Issue(new Family());
        }
    }

    private string? Refresh(string token)
    {
        lock (changing)
        {
            if (families.GetValueOrDefault(token) is not { } family || family.Newest != token)
            {
                families.GetValueOrDefault(token)?.End();
                return null;
            }

            return Issue(family);
        }
    }

    private string Issue(Family family)
    {
        family.Newest = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        families[family.Newest] = family;
        return family.Newest;
    }

    private sealed class Family
    {
        public string? Newest { get; set; }

        public void End() => Newest = null;
    }
}
