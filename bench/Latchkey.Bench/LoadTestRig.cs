using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Operations;
using Latchkey.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Bench;

/// <summary>
/// Latchkey and the bare limits side by side on one engine, each with a database of its own: an application with one user, the
/// requests to load it with, and a bare server that answers the same bytes.
/// </summary>
public sealed partial class LoadTestRig : IAsyncDisposable
{
    private const string Password = "correct horse battery";
    private const int PasskeyUsers = 512;
    private const int MostPasskeyLogins = 20_000;
    private readonly string folder;
    private readonly PostgresCluster? cluster;
    private readonly List<SoftAuthenticator> passkeys = [];
    private string session = "";

    private LoadTestRig(string folder, PostgresCluster? cluster) => (this.folder, this.cluster) = (folder, cluster);

    public required InstallationSettings Installation { get; init; }

    public MeasuredProcess Latchkey { get; private set; } = null!;

    /// <summary>Answers what getUser answers, after a SELECT of the user's row, or an INSERT and a signature.</summary>
    public MeasuredProcess Bare { get; private set; } = null!;

    public string AppToken { get; private set; } = "";

    /// <summary>Of an application whose sessions have refresh tokens.</summary>
    public string RefreshingAppToken { get; private set; } = "";

    public string AppId { get; private set; } = "";

    /// <summary>The address at which the bare server makes one SELECT of a user.</summary>
    public string BareSelect { get; private set; } = "";

    /// <summary>The address at which the bare server does what a sign-in with a passkey cannot do without.</summary>
    public string BarePasskey => BareSelect.Replace("/select/", "/passkey/", StringComparison.Ordinal);

    /// <summary>The address at which the bare server does what a client's own token cannot do without.</summary>
    public string BareSign => BareSelect.Replace("/select/", "/sign/", StringComparison.Ordinal);

    /// <summary>The address of the two requests of a bare code flow: a GET, then a POST.</summary>
    public string BareCode => BareSelect.Replace("/select/", "/code/", StringComparison.Ordinal);

    public string AccessToken { get; private set; } = "";

    /// <summary>The file that holds getApplication's answer.</summary>
    public string ApplicationAnswer => Path.Combine(folder, "application.json");

    public string Api => $"{Latchkey.Address}/api/appuser";

    public static async Task<LoadTestRig> Start(string engine)
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-bench-").FullName;
        var cluster = engine == "postgres" ? await PostgresCluster.Start() : null;
        var rig = new LoadTestRig(folder, cluster)
        {
            Installation = new InstallationSettings
            {
                DataFolder = Path.Combine(folder, "data"),
                Database = cluster is null ? Path.Combine(folder, "data", "latchkey.db") : await cluster.CreateDatabase(),
            },
        };
        await using (var services = await InstallationServices.Open(rig.Installation))
        {
            var created = (
                await services
                    .GetRequiredService<ApplicationCreator>()
                    .Create(
                        "Bench",
                        new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            ["signupFlow"] = "none",
                            ["anonymousLoginEnabled"] = "1",
                            ["passkeysEnabled"] = "1",
                            ["passkeyRpId"] = "example.org",
                        },
                        Actor.CommandLine
                    )
            ).Value!;
            (rig.AppToken, rig.AppId) = (created.AppToken, created.Row.Id);
            rig.RefreshingAppToken = (
                await services
                    .GetRequiredService<ApplicationCreator>()
                    .Create(
                        "Refreshing",
                        new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            ["sessionMode"] = "refresh",
                            ["anonymousLoginEnabled"] = "1",
                        },
                        Actor.CommandLine
                    )
            )
                .Value!
                .AppToken;
            await services.GetRequiredService<StorageSettingsRules>().Save(created.Row.Id, Bucket(created.Row.Id), Actor.CommandLine);
            rig.session = await BenchmarkInstallation.SignInOperator(services);
        }

        rig.Latchkey = await MeasuredProcess.Latchkey(rig.Installation.DataFolder, rig.Installation.Database, "--limits", "off");
        await rig.Fill();
        return rig;
    }

    /// <summary>wrk makes a request more than it sends.</summary>
    private const int SpareTokens = 4;

    public string Get(string header, string token) => $"wrk.headers[\"{header}\"] = \"{token}\"";

    /// <summary>Makes applications in the portal until it is told to end; how many it were.</summary>
    public async Task<int> CreateApplications(CancellationToken end)
    {
        const string page = "/portal/applications/new";
        using var handler = new HttpClientHandler { CookieContainer = new CookieContainer() };
        handler.CookieContainer.Add(new Uri(Latchkey.Address), new Cookie("latchkey", session));
        using var http = new HttpClient(handler) { BaseAddress = new Uri(Latchkey.Address) };
        var token = Token().Match(await http.GetStringAsync(page, CancellationToken.None)).Groups["token"].Value;
        var made = 0;
        for (; !end.IsCancellationRequested; made++)
        {
            using var form = new FormUrlEncodedContent([
                new("_handler", "create"),
                new("__RequestVerificationToken", token),
                new("name", $"Made {made}"),
                new("type", "development"),
                new("jwtEnabled", "1"),
            ]);
            using var answer = await http.PostAsync(page, form, CancellationToken.None);
            if (
                !(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(CancellationToken.None)).Contains(
                    "App Secret",
                    StringComparison.Ordinal
                )
            )
            {
                throw new InvalidOperationException("no application was made");
            }
        }

        return made;
    }

    /// <summary>
    /// The processor time of all of PostgreSQL's processes, which give themselves titles: by what the kernel calls them (proc(5), stat).
    /// </summary>
    public static double SecondsOfDatabase()
    {
        const double ticks = 100;
        return ChildProcess
                .StatFiles()
                .Select(File.ReadAllText)
                .Where(stat => stat.Contains("(postgres)", StringComparison.Ordinal))
                .Sum(stat =>
                    stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is var fields
                        ? double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)
                        : 0
                ) / ticks;
    }

    public string Login() => Post($$"""{"handle":"ada@example.com","password":"{{Password}}"}""");

    /// <summary>Renews what PostgreSQL plans by.</summary>
    public async Task Analyze()
    {
        await using var services = await InstallationServices.Open(Installation);
        var database = services.GetRequiredService<Database>();
        await (database is PostgresDatabase ? DataSeeder.Analyze(database) : Task.CompletedTask);
    }

    /// <summary>A new anonymous user each time.</summary>
    public string Anonymous() => Each("""{"handle":"ANON_%s"}""");

    /// <summary>A file of the user.</summary>
    public string NewAsset() =>
        $$"""
            {{Post("""{"path":"beach.png","contentType":"image/png","size":1000}""")}}
            wrk.headers["access-token"] = "{{AccessToken}}"
            """;

    /// <summary>Each connection refreshes a session of its own, again and again.</summary>
    public async Task<string> Refresh(int connections)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "app-token", RefreshingAppToken } } };
        var tokens = new List<string>();
        for (var i = 0; i < connections + SpareTokens; i++)
        {
            using var login = await http.PostAsJsonAsync($"{Api}/loginAnonymous", new { handle = $"ANON_{Guid.CreateVersion7():N}" });
            var answer = await login.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            tokens.Add(answer.GetProperty("refresh-token").GetString()!);
        }

        return $$"""
            {{Post("")}}
            wrk.headers["app-token"] = "{{RefreshingAppToken}}"
            local tokens = { {{string.Join(", ", tokens.Select(token => $"\"{token}\""))}} }
            request = function()
              return wrk.format(nil, nil, nil, '{"refreshToken":"' .. table.remove(tokens, 1) .. '"}')
            end
            response = function(status, headers, body)
              table.insert(tokens, string.match(body, '"refresh%-token":"([^"]+)"'))
            end
            """;
    }

    /// <summary>
    /// Sign-ins of 512 users in turn, each with a challenge of its own that was asked for before: as many as the load can use up.
    /// </summary>
    public async Task<string> PasskeyLogins()
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "app-token", AppToken } } };
        if (passkeys.Count == 0)
        {
            var added = new SoftAuthenticator[PasskeyUsers];
            await Parallel.ForAsync(
                0,
                added.Length,
                new ParallelOptions { MaxDegreeOfParallelism = 4 },
                async (i, _) => added[i] = await AddPasskey(http, $"passkey{i}@example.com")
            );
            passkeys.AddRange(added);
        }

        var bodies = new string[MostPasskeyLogins];
        await Parallel.ForAsync(
            0,
            bodies.Length,
            async (i, stop) =>
            {
                var asked = await Ask(http, "passkeyLoginOptions", new { }, stop);
                var authenticator = passkeys[i % PasskeyUsers];
                lock (authenticator)
                {
                    bodies[i] = PasskeyAnswer(asked, authenticator.Sign(asked));
                }
            }
        );
        return $$"""
            {{Post("")}}
            local n, bodies = 0, { {{string.Join(", ", bodies.Select(body => $"[[{body}]]"))}} }
            request = function()
              n = n + 1
              return wrk.format(nil, nil, nil, bodies[n])
            end
            """;
    }

    private async Task<SoftAuthenticator> AddPasskey(HttpClient http, string handle)
    {
        var signedUp = await Ask(http, "signup", new { handle, password = Password }, CancellationToken.None);
        using var own = new HttpClient { DefaultRequestHeaders = { { "access-token", signedUp.GetProperty("access-token").GetString() } } };
        var asked = await Ask(own, "passkeyOptions", new { }, CancellationToken.None);
        var authenticator = new SoftAuthenticator();
        using var content = new StringContent(PasskeyAnswer(asked, authenticator.Register(asked)), null, "application/json");
        using var answer = await own.PostAsync($"{Api}/passkeyRegister", content, CancellationToken.None);
        answer.EnsureSuccessStatusCode();
        return authenticator;
    }

    private async Task<JsonElement> Ask(HttpClient http, string function, object body, CancellationToken stop)
    {
        using var answer = await http.PostAsJsonAsync($"{Api}/{function}", body, stop);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(stop);
    }

    private static string PasskeyAnswer(JsonElement asked, string credential) =>
        $$"""{"requestToken":"{{asked.GetProperty("request-token").GetString()}}","credential":{{credential}}}""";

    /// <summary>A new user each time.</summary>
    public string Signup() => Each($$"""{"handle":"user%s@example.com","password":"{{Password}}"}""");

    public async ValueTask DisposeAsync()
    {
        await Latchkey.DisposeAsync();
        await Bare.DisposeAsync();
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The user, the answers to copy, and a bare server on a database that holds the same row.</summary>
    private async Task Fill()
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "app-token", AppToken } } };
        await SignIn(http, "signup");
        await File.WriteAllBytesAsync(ApplicationAnswer, await http.GetByteArrayAsync($"{Api}/getApplication"));
        http.DefaultRequestHeaders.Add("access-token", AccessToken);
        await AllowUploads();
        var userAnswer = Path.Combine(folder, "user.json");
        await File.WriteAllBytesAsync(userAnswer, await http.GetByteArrayAsync($"{Api}/getUser"));

        var bare = new InstallationSettings
        {
            DataFolder = Path.Combine(folder, "bare"),
            Database = cluster is null ? Path.Combine(folder, "bare", "latchkey.db") : await cluster.CreateDatabase(),
        };
        await using var services = await InstallationServices.Open(bare);
        var created = (
            await services.GetRequiredService<ApplicationCreator>().Create("Bare", new Dictionary<string, string>(), Actor.CommandLine)
        ).Value!;
        await services
            .GetRequiredService<Database>()
            .Write(db =>
                db.ExecuteAsync(
                    "CREATE TABLE bare_users (id TEXT PRIMARY KEY, app_id TEXT NOT NULL, handle TEXT NOT NULL, created_at BIGINT NOT NULL)"
                )
            );
        await services
            .GetRequiredService<Database>()
            .Write(db =>
                db.ExecuteAsync(
                    "INSERT INTO bare_users (id, app_id, handle, created_at) VALUES (@Id, 'bare', @Id, 1)",
                    Enumerable.Range(0, BareServer.UpdatedRows).Select(number => new { Id = BareServer.RowId(number) })
                )
            );
        await new DataSeeder(services.GetRequiredService<Database>()).Users(created.Row, 1, 1);
        var user = await services
            .GetRequiredService<Database>()
            .Read(db => db.QuerySingleAsync<string>("SELECT id FROM users WHERE app_id = @Id", new { created.Row.Id }));
        Bare = await MeasuredProcess.Bare(userAnswer, bare.Database);
        BareSelect = $"{Bare.Address}/select/{created.Row.Id}/{user}";
    }

    /// <summary>Gives the user of the load a new session.</summary>
    public async Task LogInAgain()
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "app-token", AppToken } } };
        await SignIn(http, "login");
    }

    private async Task SignIn(HttpClient http, string function)
    {
        using var answer = await http.PostAsJsonAsync($"{Api}/{function}", new { handle = "ada@example.com", password = Password });
        AccessToken = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("access-token")
            .GetString()!;
    }

    /// <summary>The one user of the load never uploads, and has room for more than a hundred files that wait.</summary>
    private async Task AllowUploads()
    {
        await using var services = await InstallationServices.Open(Installation);
        await services
            .GetRequiredService<Database>()
            .Write(db =>
                db.ExecuteAsync(
                    "INSERT INTO storage_usage (app_id, user_id, bytes, stored_bytes, files, pending) "
                        + "SELECT app_id, id, 0, 0, 0, -1000000000 FROM users WHERE app_id = @AppId",
                    new { AppId }
                )
            );
    }

    /// <summary>A bucket that nobody asks: links are signed here.</summary>
    private static StorageInput Bucket(string appId) =>
        StorageInput.Default(appId) with
        {
            Endpoint = "https://s3.example.com",
            Bucket = "files",
            KeyId = "key",
            Secret = "secret",
            UserMegabytes = "0",
        };

    private string Post(string body) =>
        $$"""
            wrk.method = "POST"
            wrk.headers["content-type"] = "application/json"
            wrk.headers["app-token"] = "{{AppToken}}"
            wrk.body = [[{{body}}]]
            """;

    /// <summary>%s in the body is different in each request, and in each run.</summary>
    private string Each(string body) =>
        $$"""
            {{Post("")}}
            local n, prefix = 0, "{{Guid.CreateVersion7():N}}-"
            request = function()
              n = n + 1
              return wrk.format(nil, nil, nil, string.format([[{{body}}]], prefix .. n))
            end
            """;

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
