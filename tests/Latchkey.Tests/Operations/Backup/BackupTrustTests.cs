using Dapper;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Tests.Operations.Backup;

/// <summary>Whose backup is restored: one that a key of the installation proves, and any other only if the operator says so.</summary>
public sealed class BackupTrustTests(ServerFixture servers)
{
    private const string Operator = "op@example.com";

    /// <summary>Keys that are made in the same second have the same name.</summary>
    private static readonly DateTimeOffset LongAgo = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Passphrase = "correct horse battery staple";
    private static readonly (string Name, string Value) WithPassphrase = ("LATCHKEY_KEYS_PASSPHRASE", Passphrase);

    [Fact]
    public async Task A_backup_whose_developers_were_made_operators_is_refused_whatever_one_says()
    {
        var (source, target) = (await WithDeveloper(), await Fresh());
        var file = await BackupFile.Make(source);
        BackupFile.Edit(file, "-developers.jsonl", text => text.Replace("\"developer\"", "\"operator\"", StringComparison.Ordinal));
        CopyKeys(source, target);
        (await target.Run("restore", file)).ShouldFail("damaged");
        (await target.Run("restore", file, "--trust-file")).ShouldFail("damaged");
        BackupFile.FitDigests(file);
        (await target.Run("restore", file, "--trust-file")).ShouldFail("it was changed after it was made");

        file = await BackupFile.Make(source);
        BackupFile.EditManifest(file, manifest => manifest with { CreatedAt = "2020-01-01T00:00:00.000Z" });
        (await target.Run("restore", file, "--trust-file")).ShouldFail("it was changed after it was made");
        await ShouldBeEmpty(target);
    }

    [Fact]
    public async Task Without_its_signature_it_needs_the_flag_which_names_the_operators()
    {
        var (source, target) = (await WithDeveloper(), await Fresh());
        var file = await BackupFile.Make(source);
        BackupFile.Edit(file, "-developers.jsonl", text => text.Replace("\"developer\"", "\"operator\"", StringComparison.Ordinal));
        BackupFile.Unsign(file);
        CopyKeys(source, target);
        (await target.Run("restore", file)).ShouldFail("not signed");
        await ShouldBeEmpty(target);
        var restored = (await target.Run("restore", file, "--trust-file")).ShouldSucceed();
        restored.Error.ShouldContain("nothing proves who made this backup");
        restored.Error.ShouldContain(Operator);
    }

    [Fact]
    public async Task An_attackers_own_keys_do_not_vouch_for_it()
    {
        var (source, target) = (await WithDeveloper(), await Fresh());
        var file = await BackupFile.Make(source);
        var (keys, ring) = OwnKeys();
        BackupFile.Edit(file, "-developers.jsonl", text => text.Replace("\"developer\"", "\"operator\"", StringComparison.Ordinal));
        BackupFile.Add(file, $"keys/{ring.CurrentId}.key", keys.Text(ring.CurrentId));
        BackupFile.SignWith(file, ring);

        // On a machine without keys
        (await target.Run("restore", file)).ShouldFail("whoever can write the file may have made all of it");
        await ShouldBeEmpty(target);

        // With the keys of the installation
        CopyKeys(source, target);
        (await target.Run("restore", file)).ShouldFail($"signed with the key {ring.CurrentId} of another key ring");
        await ShouldBeEmpty(target);
        Directory.Delete(keys.Path, recursive: true);
    }

    /// <summary>What it said before led people to trust the keys of a stranger.</summary>
    [Fact]
    public async Task A_refused_restore_leaves_no_key_of_the_file_and_none_is_trusted_the_next_time()
    {
        var stranger = await WithDeveloper();
        var file = await BackupFile.Make(stranger, "--with-keys");
        BackupFile.Edit(file, "-developers.jsonl", text => text.Replace("\"developer\"", "7", StringComparison.Ordinal));
        BackupFile.Unsign(file);
        var target = await Fresh();
        var before = BackupFile.Files(target.DataFolder);
        (await target.Run("restore", file)).ShouldFail("not signed");
        BackupFile.Files(target.DataFolder).ShouldBe(before);

        // Even the operator's word does not bring the keys of a file that is not whole.
        (await target.Run("restore", file, "--trust-file")).ShouldFail("damaged");
        Directory.GetFiles(target.DataFolder, "*.key", SearchOption.AllDirectories).ShouldBeEmpty();
        await ShouldBeEmpty(target);
        (await target.Run("restore", file)).ShouldFail("not signed");
    }

    [Fact]
    public async Task Another_installations_backup_is_not_restored_under_the_keys_that_are_there()
    {
        var (stranger, target) = (await WithDeveloper(), await Fresh());
        var file = await BackupFile.Make(stranger, "--with-keys");
        new KeyFolder(Path.Combine(target.DataFolder, "keys")).CreateFirst(LongAgo);
        var before = KeyFiles(target);
        (await target.Run("restore", file)).ShouldFail("another key ring");
        (await target.Run("restore", file, "--trust-file")).ShouldFail("does not belong to the backup");
        KeyFiles(target).ShouldBe(before);
        await ShouldBeEmpty(target);
    }

    [Fact]
    public async Task With_its_keys_in_the_clear_it_needs_the_flag_and_nothing_else()
    {
        var (source, target) = (await WithDeveloper(), await Fresh());
        var file = await BackupFile.Make(source, "--with-keys");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await target.Run("restore", file)).ShouldFail("--trust-file");
        await ShouldBeEmpty(target);
        (await target.Run("restore", file, "--trust-file")).ShouldSucceed();
        KeyFiles(target).ShouldBe(KeyFiles(source));
        (await target.Run("app", "list")).ShouldSucceed().Output.ShouldContain("Demo");
    }

    [Fact]
    public async Task With_its_keys_under_a_passphrase_it_needs_the_passphrase_and_nothing_else()
    {
        var (source, target) = (await WithDeveloper(), await Fresh());
        (await Run(source, [WithPassphrase], "keyring", "encrypt")).ExitCode.ShouldBe(0);
        var file = Path.Combine(source.DataFolder, "whole.zip");
        (await Run(source, [WithPassphrase], "backup", file, "--with-keys")).Error.ShouldNotContain("warning");
        (await target.Run("restore", file)).ShouldFail("is encrypted: set LATCHKEY_KEYS_PASSPHRASE");
        (await Run(target, [(WithPassphrase.Name, "another one")], "restore", file)).ShouldFail("does not decrypt");

        // A key of the attacker's among them
        var forged = Path.Combine(source.DataFolder, "forged.zip");
        File.Copy(file, forged);
        var (keys, ring) = OwnKeys();
        BackupFile.Add(forged, $"keys/{ring.CurrentId}.key", keys.Text(ring.CurrentId));
        BackupFile.SignWith(forged, ring);
        (await Run(target, [WithPassphrase], "restore", forged)).ShouldFail("are not encrypted");
        await ShouldBeEmpty(target);
        Directory.Delete(keys.Path, recursive: true);

        var restored = await Run(target, [WithPassphrase], "restore", file);
        restored.ShouldSucceed().Error.ShouldNotContain("warning");
        KeyFiles(target).ShouldBe(KeyFiles(source));
    }

    [Fact]
    public async Task Keys_come_last_and_only_into_a_folder_that_takes_them()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a read-only folder is mounted, which only root may do");
        var (source, target) = (await WithDeveloper(), await Fresh());
        var file = await BackupFile.Make(source, "--with-keys");
        var keys = Directory.CreateDirectory(Path.Combine(target.DataFolder, "keys")).FullName;
        await ChildProcess.Run("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", keys);
        try
        {
            (await target.Run("restore", file, "--trust-file")).ShouldFail("cannot be written");
            await ShouldBeEmpty(target);
        }
        finally
        {
            await ChildProcess.Run("umount", keys);
        }

        // What only the database notices: an application's secret without its application
        BackupFile.Edit(file, "-applications.jsonl", text => text.Split('\n')[0] + "\n");
        BackupFile.Unsign(file);
        BackupFile.EditManifest(file, manifest => manifest with { Rows = With(manifest.Rows, "applications", 0) });
        (await target.Run("restore", file, "--trust-file")).ShouldFail("does not fit");
        KeyFiles(target).ShouldBeEmpty();
        await ShouldBeEmpty(target);
    }

    [Fact]
    public async Task A_key_that_came_later_still_restores_an_older_backup()
    {
        var (source, target) = (await WithDeveloper(), await Fresh());
        var file = await BackupFile.Make(source);
        (await source.Run("keyring", "rotate", "--after", "0")).ShouldSucceed();
        var newer = await BackupFile.Make(source);
        var oldKeys = await Fresh();
        CopyKeys(source, oldKeys);
        File.Delete(Path.Combine(oldKeys.DataFolder, "keys", $"{BackupFile.Manifest(newer).Key}.key"));
        (await oldKeys.Run("restore", newer)).ShouldFail($"the key {BackupFile.Manifest(newer).Key}");
        CopyKeys(source, target);
        (await target.Run("restore", file)).ShouldSucceed();
    }

    private async Task<TestInstallation> WithDeveloper()
    {
        var source = await servers.NewInstallation();
        (await source.Run("app", "create", "--name", "Demo")).ShouldSucceed();
        (
            await source.RunWithInput(
                "a password of theirs\n",
                "developer",
                "create",
                "--email",
                Operator,
                "--name",
                "Ann",
                "--password-stdin"
            )
        ).ShouldSucceed();
        return source;
    }

    /// <summary>Nothing is there yet: no keys, and no file of SQLite.</summary>
    private Task<TestInstallation> Fresh() => servers.NewInstallation(isEmpty: true);

    /// <summary>It has no table. The installation's own services would create them.</summary>
    private static async Task ShouldBeEmpty(TestInstallation target)
    {
        if (Database.Exists(target.DatabaseConnection))
        {
            await using var database = Database.Open(target.DatabaseConnection);
            var tables = Engine.IsPostgres ? "pg_tables WHERE schemaname = 'public'" : "sqlite_master";
            (await database.Read(db => db.QuerySingleAsync<long>($"SELECT COUNT(*) FROM {tables}"))).ShouldBe(0);
        }
    }

    private static (KeyFolder Folder, KeyRing Ring) OwnKeys()
    {
        var folder = new KeyFolder(Directory.CreateTempSubdirectory("latchkey-attacker-").FullName);
        folder.CreateFirst(LongAgo);
        return (folder, KeyRing.Open(folder, TimeProvider.System));
    }

    private static IReadOnlyDictionary<string, long> With(IReadOnlyDictionary<string, long> rows, string table, long count) =>
        rows.ToDictionary(pair => pair.Key, pair => pair.Key == table ? count : pair.Value);

    private static IReadOnlyList<string> KeyFiles(TestInstallation installation) =>
        [
            .. Directory
                .GetFiles(Path.Combine(installation.DataFolder, "keys"), "*.key")
                .Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetFileName(file)} {File.ReadAllText(file)}"),
        ];

    private static void CopyKeys(TestInstallation source, TestInstallation target)
    {
        Directory.CreateDirectory(Path.Combine(target.DataFolder, "keys"));
        foreach (var key in Directory.EnumerateFiles(Path.Combine(source.DataFolder, "keys"), "*.key"))
        {
            File.Copy(key, Path.Combine(target.DataFolder, "keys", Path.GetFileName(key)));
        }
    }

    /// <summary>As another process, with variables of its own.</summary>
    private static async Task<CommandResult> Run(
        TestInstallation installation,
        (string Name, string Value)[] environment,
        params string[] arguments
    )
    {
        await using var process = ChildProcess.Start(
            RepositoryPaths.Program,
            [.. arguments, "--data", installation.DataFolder, "--database", installation.DatabaseConnection],
            environment
        );
        await process.WaitForExit();
        var printed = string.Join('\n', process.Lines);
        return new CommandResult(process.ExitCode, printed, printed);
    }
}
