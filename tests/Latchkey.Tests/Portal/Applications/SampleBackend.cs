using System.Net.Http.Headers;
using Latchkey.Portal.Applications;

namespace Latchkey.Tests.Portal.Applications;

/// <summary>
/// A backend that verifies user JWTs with a sample of the portal, as it is shown there, and the library that the sample names. It answers
/// the user's id, or 401. Its clock can be moved.
/// </summary>
internal sealed class SampleBackend : IAsyncDisposable
{
    private const string NodeServer = """
        import { createServer } from "node:http";
        import { webcrypto } from "node:crypto";
        globalThis.crypto ??= webcrypto; // Node 18
        const { userOf } = await import("./verify.mjs");
        createServer(async (request, response) => {
          try {
            response.end((await userOf(request.headers.authorization.split(" ")[1])).uid);
          } catch (error) {
            response.writeHead(401).end(String(error));
          }
        }).listen(process.argv[2], "127.0.0.1");
        """;

    private const string PythonServer = """
        import http.server, sys
        import verify

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    status, text = 200, verify.user_of(self.headers["Authorization"].split(" ")[1])["uid"]
                except verify.jwt.PyJWTError as error:
                    status, text = 401, str(error)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

        http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
        """;

    private const string AspNetProject = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.AspNetCore.Authentication.JwtBearer" Version="10.0.15" />
          </ItemGroup>
        </Project>
        """;

    private readonly string folder;
    private readonly Uri address;
    private readonly ChildProcess process;

    private SampleBackend(string folder, Uri address, ChildProcess process) =>
        (this.folder, this.address, this.process) = (folder, address, process);

    private static string Clock(string folder) => Path.Combine(folder, "clock");

    /// <param name="name">node, python or aspnet.</param>
    /// <param name="app">The application whose tokens it takes.</param>
    public static async Task<SampleBackend> Start(string name, App app)
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-backend-").FullName;
        var (port, issuer) = (FreePort.Find(), $"{app.Server.Address.GetLeftPart(UriPartial.Authority)}/apps/{app.Id}");
        await File.WriteAllTextAsync(Clock(folder), "+0s");
        var (program, arguments) = name switch
        {
            "node" => await Node(folder, BackendSnippets.Node(issuer, "none"), port),
            "python" => await Python(folder, BackendSnippets.Python(issuer, "none"), port),
            _ => await AspNet(folder, BackendSnippets.AspNet(issuer, "none"), port),
        };
        var backend = new SampleBackend(
            folder,
            new Uri($"http://127.0.0.1:{port}"),
            ChildProcess.Start(
                program,
                arguments,
                [
                    ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
                    ("FAKETIME_TIMESTAMP_FILE", Clock(folder)),
                    ("FAKETIME_NO_CACHE", "1"),
                    // PyJWT takes the age of its keys from the monotonic clock; event loops would stumble over it.
                    ("FAKETIME_DONT_FAKE_MONOTONIC", name == "python" ? "0" : "1"),
                ]
            )
        );
        await WaitUntil.IsTrue($"the backend listens: {string.Join('\n', backend.process.Lines)}", backend.Listens);
        return backend;
    }

    /// <summary>Sets the backend's clock to so long from now.</summary>
    public Task MoveClock(TimeSpan ahead) => File.WriteAllTextAsync(Clock(folder), $"+{ahead.TotalSeconds:F0}s");

    /// <summary>The user's id, or the status and the reason of a refusal.</summary>
    public async Task<string> Ask(string jwt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", jwt);
        using var answer = await Clients.ForAddress("127.0.0.1").SendAsync(request);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadAsStringAsync()
            : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()} {answer.Headers.WwwAuthenticate}";
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(string, string[])> Node(string folder, string sample, int port)
    {
        Directory.CreateSymbolicLink(
            Path.Combine(folder, "node_modules"),
            Path.Combine(RepositoryPaths.Root, ".build", "npm", "node_modules")
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "verify.mjs"), sample);
        await File.WriteAllTextAsync(Path.Combine(folder, "server.mjs"), NodeServer);
        return ("node", [Path.Combine(folder, "server.mjs"), $"{port}"]);
    }

    private static async Task<(string, string[])> Python(string folder, string sample, int port)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "verify.py"), sample);
        await File.WriteAllTextAsync(Path.Combine(folder, "server.py"), PythonServer);
        return ("/usr/bin/python3", [Path.Combine(folder, "server.py"), $"{port}"]);
    }

    /// <summary>The sample stands in a program's main file: its using directives at the top, the rest after the builder.</summary>
    private static async Task<(string, string[])> AspNet(string folder, string sample, int port)
    {
        var lines = sample.Split('\n').ToLookup(line => line.StartsWith("using ", StringComparison.Ordinal));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Program.cs"),
            $$"""
            {{string.Join('\n', lines[true])}}
            var builder = WebApplication.CreateBuilder(args);
            {{string.Join('\n', lines[false])}}
            builder.Services.AddAuthorization();
            var app = builder.Build();
            app.MapGet("/", (System.Security.Claims.ClaimsPrincipal user) => user.FindFirst("uid")!.Value).RequireAuthorization();
            app.Run("http://127.0.0.1:{{port}}");
            """
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "backend.csproj"), AspNetProject);
        await ChildProcess.Run(
            "dotnet",
            "build",
            Path.Combine(folder, "backend.csproj"),
            "-o",
            Path.Combine(folder, "out"),
            "-nodeReuse:false"
        );
        return (Path.Combine(folder, "out", "backend"), []);
    }

    private async Task<bool> Listens()
    {
        try
        {
            return (await Ask("x")).StartsWith("401", StringComparison.Ordinal);
        }
        catch (HttpRequestException e)
        {
            return process.HasExited ? throw new InvalidOperationException(string.Join('\n', process.Lines), e) : false;
        }
    }
}
