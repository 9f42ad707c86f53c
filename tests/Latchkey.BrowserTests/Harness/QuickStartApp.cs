using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests.Harness;

/// <summary>An app made of the files of a quick start, running as the quick start says.</summary>
public sealed class QuickStartApp : IAsyncDisposable
{
    /// <summary>Debian has the version before, without a number in its path.</summary>
    private const string GoOidc = "github.com/coreos/go-oidc/v3/oidc";
    private const string DebianGoOidc = "github.com/coreos/go-oidc";

    /// <summary>What the installers of the platforms would have written beside the files.</summary>
    private static readonly Dictionary<string, (string Path, string Text)[]> Installed = new(StringComparer.Ordinal)
    {
        ["aspnet"] =
        [
            (
                "MyApp.csproj",
                """
                <Project Sdk="Microsoft.NET.Sdk.Web">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                    <Nullable>enable</Nullable>
                    <ImplicitUsings>enable</ImplicitUsings>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="Microsoft.AspNetCore.Authentication.OpenIdConnect" Version="10.0.15" />
                  </ItemGroup>
                </Project>
                """
            ),
            ("Directory.Build.props", "<Project />"), // not the repository's
            ("Directory.Packages.props", "<Project />"),
        ],
        ["next"] =
        [
            (
                "app/layout.js",
                """
                export default function Layout({ children }) {
                  return (
                    <html lang="en">
                      <body>{children}</body>
                    </html>
                  );
                }
                """
            ),
            ("package.json", """{ "private": true }"""),
        ],
    };

    /// <summary>What tells Node, Python's requests, and OpenSSL and Go whom to trust.</summary>
    private static readonly string[] Trusted = ["NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"];

    private readonly string folder;
    private readonly ChildProcess process;

    private QuickStartApp(string folder, ChildProcess process) => (this.folder, this.process) = (folder, process);

    /// <summary>Writes the files and runs the command. Waits until the app answers.</summary>
    /// <param name="kind">The quick start's key.</param>
    /// <param name="files">As the portal shows them.</param>
    /// <param name="run">A command of a shell, with … where the secret stands.</param>
    /// <param name="origin">Where the app is to listen.</param>
    /// <param name="authority">The certificate in PEM that the server's is from; null for a server without https.</param>
    public static async Task<QuickStartApp> Start(
        string kind,
        IEnumerable<(string Path, string Text)> files,
        string run,
        Uri origin,
        string? authority = null
    )
    {
        // Below the folder of the packages, so that the app finds them as if they were its own
        var folder = Path.Combine(LatchkeyServer.Root, ".build", "npm", $"quick-start-{kind}-{origin.Port}");
        foreach (var (path, text) in files.Concat(Installed.GetValueOrDefault(kind, [])))
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text.Replace(GoOidc, DebianGoOidc, StringComparison.Ordinal) + "\n");
        }

        var process = ChildProcess.Start(
            "setsid",
            ["--wait", "bash", "-c", $"cd '{folder}' && {run}"],
            [
                .. authority is null ? [] : Trusted.Select(name => (name, authority)),
                ("PATH", $"/usr/bin:{Environment.GetEnvironmentVariable("PATH")}"), // Debian's Python, which has its packages
                ("GO111MODULE", "off"),
                ("GOPATH", "/usr/share/gocode"),
                ("NEXT_TELEMETRY_DISABLED", "1"),
            ]
        );
        var app = new QuickStartApp(folder, process);
        using var http = new HttpClient();
        await WaitUntil.IsTrue($"the app {kind} answers", () => app.Answers(http, origin), TimeSpan.FromMinutes(2));
        return app;
    }

    /// <summary>The files and the command to run, from the page of the portal that is open.</summary>
    public static async Task<(IReadOnlyList<(string Path, string Text)> Files, string Run)> Read(IPage page)
    {
        var files = new List<(string, string)>();
        for (var i = 0; await page.Locator($"#copy-file-{i}").CountAsync() == 1; i++)
        {
            var label = (await page.Locator($"#copy-file-{i}-label").TextContentAsync())!.Trim();
            files.Add((label[(label.IndexOf(' ') + 1)..], (await page.Locator($"#copy-file-{i}").TextContentAsync())!));
        }

        return (files, (await page.Locator("#copy-run").TextContentAsync())!);
    }

    public async ValueTask DisposeAsync()
    {
        process.KillTree();
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> Answers(HttpClient http, Uri origin)
    {
        if (process.HasExited)
        {
            throw new InvalidOperationException($"the app ended: {string.Join('\n', process.Lines)}");
        }

        try
        {
            using var answer = await http.GetAsync(origin);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not yet
        }
    }
}
