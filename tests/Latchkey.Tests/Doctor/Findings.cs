using System.Text.Json;

namespace Latchkey.Tests.Doctor;

/// <summary>latchkey doctor: what it finds, and that it says what to do.</summary>
public sealed class Findings(Servers servers)
{
    [Fact]
    public async Task A_healthy_installation_has_nothing_bad()
    {
        var printed = await servers.Main.Installation.Run("doctor", "--json");
        var findings = printed.Json.EnumerateArray().ToList();
        findings.Where(finding => Grade(finding) == "bad").ShouldBeEmpty();
        findings.Select(Subject).ShouldContain("database");
        findings.Select(Subject).ShouldContain("secrets");
        findings.Select(Subject).ShouldContain("clock");
        printed.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_not_good_comes_with_advice()
    {
        var printed = await servers.Main.Installation.Run("doctor", "--json");
        foreach (var finding in printed.Json.EnumerateArray().Where(finding => Grade(finding) != "good"))
        {
            finding.GetProperty("advice").GetString().ShouldNotBeNullOrWhiteSpace(Subject(finding));
        }

        (await servers.Main.Installation.Run("doctor")).Output.ShouldContain("Argon2id");
    }

    [Fact]
    public async Task An_older_schema_a_foreign_key_ring_and_open_key_files_are_found()
    {
        var installation = await servers.NewInstallation();
        (await installation.Run("migrate")).Worked();
        var key = Directory.EnumerateFiles(Path.Combine(installation.DataFolder, "keys"), "*.key").Single();
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var open = await Find(installation, "key ring");
        open.Grade.ShouldBe("bad");
        open.Advice.ShouldContain($"chmod go= {key}");

        await installation.Execute("DELETE FROM schema_migrations WHERE version = (SELECT MAX(version) FROM schema_migrations)");
        (await Find(installation, "schema")).Grade.ShouldBe("warning");
        await installation.Execute("INSERT INTO schema_migrations (version, name) VALUES (9999, 'from the future')");
        (await Find(installation, "schema")).Grade.ShouldBe("bad");
        await installation.Execute("DELETE FROM schema_migrations WHERE version = 9999");
        await installation.Execute("INSERT INTO schema_migrations (version, name) SELECT MAX(version) + 1, 'put back' FROM schema_migrations");
        await File.WriteAllTextAsync(key, Convert.ToBase64String(new byte[32]));
        (await Find(installation, "secrets")).Grade.ShouldBe("bad");
    }

    [Fact]
    public async Task It_looks_and_changes_nothing()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var printed = await CommandLine.Run(["doctor", "--json", "--data", folder]);
        printed.Json.EnumerateArray().Select(Subject).ShouldContain("database");
        Directory.Exists(folder).ShouldBeFalse();
    }

    private static async Task<(string Grade, string Advice)> Find(InstallationUnderTest installation, string subject)
    {
        var finding = (await installation.Run("doctor", "--json")).Json.EnumerateArray().Single(one => Subject(one) == subject);
        return (Grade(finding), finding.GetProperty("advice").GetString() ?? "");
    }

    private static string Grade(JsonElement finding) => finding.GetProperty("grade").GetString()!;

    private static string Subject(JsonElement finding) => finding.GetProperty("subject").GetString()!;
}
