namespace Latchkey.Tests;

/// <summary>Everything that the README tells a newcomer to type works as it stands.</summary>
public sealed class ReadmeTests(ServerFixture servers)
{
    [Fact]
    public async Task The_tour_works_as_written()
    {
        ReadmeTour.Start.ShouldBe("./latchkey serve");
        var server = await servers.Start();
        var folder = Directory.CreateTempSubdirectory("latchkey-tour-").FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "latchkey"), Path.Combine(RepositoryPaths.Root, "latchkey"));
        var script = Path.Combine(folder, "tour.sh");
        await File.WriteAllTextAsync(
            script,
            $"set -euo pipefail\ncd {folder}\n{ReadmeTour.Commands(server.Address.GetLeftPart(UriPartial.Authority))}",
            TestContext.Current.CancellationToken
        );

        await using var shell = ChildProcess.Start(
            "bash",
            [script],
            [("LATCHKEY_DATA", server.Installation.DataFolder), ("LATCHKEY_DATABASE", server.Installation.DatabaseConnection)]
        );
        await shell.WaitForExit();

        var printed = string.Join('\n', shell.Lines);
        shell.ExitCode.ShouldBe(0, printed);
        ReadmeTour.ShouldHaveSucceeded(printed);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Its_Python_verifies_a_JWT_of_either_algorithm_and_of_no_other_application()
    {
        var (rsa, es) = (await servers.Main.CreateRsaApp("signupFlow=none"), await servers.Main.CreateApp("signupFlow=none"));
        var (ann, bob) = (await rsa.CreateUser("ann@example.com"), await es.CreateUser("bob@example.com"));
        (await Verify(rsa, ann.Jwt)).ShouldContain("'sub': 'ann@example.com'");
        (await Verify(es, bob.Jwt)).ShouldContain("'sub': 'bob@example.com'");
        await Should.ThrowAsync<InvalidOperationException>(Verify(rsa, bob.Jwt));
        await Should.ThrowAsync<InvalidOperationException>(Verify(es, ann.Jwt));

        Task<string> Verify(App app, string jwt) =>
            ChildProcess.Run(
                "/usr/bin/python3",
                "-c",
                ReadmeTour.Python,
                $"{servers.Main.Address.GetLeftPart(UriPartial.Authority)}/apps/{app.Id}",
                jwt
            );
    }

    [Fact]
    public async Task The_setup_link_that_the_server_prints_creates_the_first_operator()
    {
        var server = await servers.Start();
        var sentence = ReadmeTour.SetupLine.Split("http")[0];
        var line = await server.LogLine(sentence);
        var link = new Uri(line[sentence.Length..]);
        link.AbsolutePath.ShouldBe(new Uri(ReadmeTour.SetupLine[sentence.Length..]).AbsolutePath);

        var browser = new PortalClient(server);
        await browser.Post(link.PathAndQuery, "setup", ("name", "Ada"), ("email", "ada@example.com"), ("password", "quiet green rivers"));

        (await browser.IsSignedIn()).ShouldBeTrue();
        (await server.Installation.Query<string>("SELECT email FROM developers")).ShouldBe("ada@example.com");
    }
}
