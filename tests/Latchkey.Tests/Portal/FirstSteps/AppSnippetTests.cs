using System.Diagnostics;
using Latchkey.Portal.FirstSteps;

namespace Latchkey.Tests.Portal.FirstSteps;

/// <summary>The code that the portal shows for apps signs up a user, confirms the code and logs in, as it is shown.</summary>
[Collection(SerialCollection.Name)]
public sealed class AppSnippetTests(ServerFixture servers)
{
    private const string Ann = "ada@example.com";

    public static TheoryData<string> Tested => [.. AppSnippet.All("", "").Where(one => one.IsTested).Select(one => one.Key)];

    [Theory]
    [MemberData(nameof(Tested))]
    public async Task It_takes_a_first_user_from_signup_to_login(string language)
    {
        Assert.SkipWhen(Engine.IsPostgres, "apps do not see the database");
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=code");
        var server = app.Server.Address.GetLeftPart(UriPartial.Authority);
        var snippet = AppSnippet.All(server, app.Token).Single(one => one.Key == language);
        var folder = Directory.CreateTempSubdirectory("latchkey-snippet-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, snippet.File), snippet.Text);
            var calls = snippet.Use.Split('\n').Where(line => line.Trim().Length > 0).ToList();
            var program = await Write(folder, snippet, calls);
            var first = await Run(folder, program, "signup");
            first.Error.ShouldBeEmpty();
            var code = await app.LastCodeFor(Ann);
            var rest = await Run(folder, program, code);
            rest.Error.ShouldBeEmpty();
            rest.Output.Split("eyJ").Length.ShouldBeGreaterThan(2, rest.Output); // the JWTs of both sign-ins
            (await Run(folder, program, code))
                .ToString()
                .ShouldContain("already registered", customMessage: "a used code is refused in words");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_language_has_the_address_the_token_and_the_three_calls()
    {
        foreach (var snippet in AppSnippet.All("https://auth.example.com", "the-token"))
        {
            snippet.Text.ShouldContain("https://auth.example.com/api/appuser/", customMessage: snippet.Key);
            snippet.Text.ShouldContain("the-token", customMessage: snippet.Key);
            foreach (var call in new[] { "signup", "completeSignup", "login" })
            {
                $"{snippet.Text}\n{snippet.Use}".ShouldContain(call, Case.Sensitive, snippet.Key);
            }
        }
    }

    /// <summary>A program of the calls as they are shown: with "signup" only the first, with a code the others.</summary>
    private static async Task<string> Write(string folder, AppSnippet snippet, IReadOnlyList<string> calls)
    {
        var (head, first, confirm, logIn) = (calls.Take(calls.Count - 3).ToList(), calls[^3], calls[^2], calls[^1]);
        switch (snippet.Key)
        {
            case "python":
                await File.WriteAllTextAsync(
                    Path.Combine(folder, "main.py"),
                    $"""
                    import sys
                    {string.Join('\n', head)}
                    code = sys.argv[1]
                    if code == "signup":
                        {first}
                    else:
                        {confirm}
                        {logIn}
                        print(user["jwt"], again["jwt"])
                    """
                );
                return "/usr/bin/python3 main.py";
            case "typescript":
                Directory.CreateSymbolicLink(
                    Path.Combine(folder, "node_modules"),
                    Path.Combine(RepositoryPaths.Root, ".build", "npm", "node_modules")
                );
                await File.WriteAllTextAsync(
                    Path.Combine(folder, "main.ts"),
                    $$"""
                    {{string.Join('\n', head)}}
                    const code = process.argv[2];
                    if (code === "signup") {
                      {{first}}
                    } else {
                      {{confirm}}
                      {{logIn}}
                      console.log(user.jwt, again.jwt);
                    }
                    """
                );
                return "node node_modules/rolldown/bin/cli.mjs main.ts --platform node --format esm --file main.mjs >/dev/null "
                    + "&& node main.mjs";
            case "csharp":
                await File.WriteAllTextAsync(
                    Path.Combine(folder, "Program.cs"),
                    $$"""
                    var code = args[0];
                    if (code == "signup")
                    {
                        {{first}}
                    }
                    else
                    {
                        {{confirm}}
                        {{logIn}}
                        Console.WriteLine(user.GetProperty("jwt").GetString() + " " + again.GetProperty("jwt").GetString());
                    }
                    """
                );
                await File.WriteAllTextAsync(Path.Combine(folder, "snippet.csproj"), Project);
                return "dotnet run --project snippet.csproj --";
            default:
                await File.WriteAllTextAsync(
                    Path.Combine(folder, "main.sh"),
                    $"""
                    {snippet.Text}
                    if [ "$1" = signup ]; then
                    {first}
                    else
                    {confirm.Replace("THE CODE", "'$1'", StringComparison.Ordinal)}
                    {logIn}
                    fi
                    """
                );
                return "sh main.sh";
        }
    }

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
        </Project>
        """;

    private static async Task<(string Output, string Error)> Run(string folder, string program, string argument)
    {
        using var process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"{program} {argument}"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment = { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
            }
        )!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (await output, await error);
    }
}
