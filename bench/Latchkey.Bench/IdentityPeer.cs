using System.Net.Http.Json;
using System.Text.Json;

namespace Latchkey.Bench;

/// <summary>ASP.NET Core Identity on a PostgreSQL of its own (<see cref="IdentityServer"/>), with one user, and the requests to load it with.</summary>
internal sealed class IdentityPeer : IAsyncDisposable
{
    private const string Account = """{"email":"ada@example.com","password":"Correct horse battery 1!"}""";
    private readonly PostgresCluster cluster;
    private readonly MeasuredProcess server;
    private readonly string accessToken;

    private IdentityPeer(PostgresCluster cluster, MeasuredProcess server, string accessToken) =>
        (this.cluster, this.server, this.accessToken) = (cluster, server, accessToken);

    public string Address => server.Address;

    public string Login =>
        $"""
            wrk.method = "POST"
            wrk.headers["content-type"] = "application/json"
            wrk.body = [[{Account}]]
            """;

    public string SignedIn => $"wrk.headers[\"authorization\"] = \"Bearer {accessToken}\"";

    public static async Task<IdentityPeer> Start()
    {
        var cluster = await PostgresCluster.Start();
        var server = await MeasuredProcess.Identity(BareServer.ConnectionString(await cluster.CreateDatabase()));
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        using var registered = await Post("/register");
        using var login = await Post("/login");
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
        return new IdentityPeer(cluster, server, token);

        async Task<HttpResponseMessage> Post(string path)
        {
            using var body = new StringContent(Account, System.Text.Encoding.UTF8, "application/json");
            return (await http.PostAsync(path, body)).EnsureSuccessStatusCode();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await cluster.DisposeAsync();
    }
}
