using System.IO.Compression;
using System.Text;
using Latchkey.Operations.Backup;

namespace Latchkey.Tests.Operations.Backup;

/// <summary>
/// Backups that are cut, swollen or made by hand. Each is refused with one sentence, in bounded memory, and nothing of it is written; also when
/// the operator trusts the file.
/// </summary>
public sealed class HostileBackupTests(ServerFixture servers)
{
    private const string Escape = "\e]0;owned\a\e[2J";
    private const string Developers = "-developers.jsonl";
    private const int BombMiB = 256;

    /// <summary>Less than the bomb, more than a row of the longest kind needs.</summary>
    private static readonly (string Name, string Value) LittleMemory = ("DOTNET_GCHeapHardLimit", "0xC000000");

    private static readonly Dictionary<string, (Action<string> Change, string Because)> Damages = new(StringComparer.Ordinal)
    {
        ["a text"] = (file => File.WriteAllText(file, "not a zip file"), "not a backup"),
        ["an empty file"] = (file => File.WriteAllText(file, ""), "not a backup"),
        ["half of it"] = (
            file => File.WriteAllBytes(file, File.ReadAllBytes(file)[..(int)(new FileInfo(file).Length / 2)]),
            "not a backup"
        ),
        ["another zip"] = (Rezip, "no manifest"),
        ["manifest: no JSON"] = (file => Manifest(file, _ => "{"), "manifest cannot be read"),
        ["manifest: null for rows"] = (file => Manifest(file, _ => "{\"format\":1,\"rows\":null}"), "manifest cannot be read"),
        ["manifest: null for a digest"] = (
            file => Manifest(file, text => text.Replace("\"digests\": {}", "\"digests\": {\"tables/000-installation.jsonl\": null}")),
            "manifest cannot be read"
        ),
        ["manifest: nothing but a format"] = (file => Manifest(file, _ => "{\"format\":1}"), "manifest cannot be read"),
        ["manifest: no digests"] = (file => Manifest(file, text => text.Replace("\"digests\"", "\"digest\"")), "manifest cannot be read"),
        ["manifest: no key"] = (file => Manifest(file, text => text.Replace("\"key\"", "\"kay\"")), "manifest cannot be read"),
        ["manifest: a number of 1e40"] = (file => Manifest(file, _ => "{\"format\":1e40}"), "manifest cannot be read"),
        ["manifest: deep"] = (file => Manifest(file, _ => new string('[', 100_000)), "manifest cannot be read"),
        ["manifest: long"] = (file => Manifest(file, text => text + new string(' ', 2 << 20)), "is longer than 1048576 bytes"),
        ["manifest: a newer format"] = (file => Change(file, manifest => manifest with { Format = 99 }), "newer Latchkey"),
        ["manifest: a newer schema"] = (file => Change(file, manifest => manifest with { Schema = 9999 }), "newer Latchkey"),
        ["manifest: no schema"] = (file => Change(file, manifest => manifest with { Schema = 0 }), "no schema version"),
        ["manifest: more rows"] = (file => Rows(file, "developers", 7), "fewer than the 7 rows"),
        ["manifest: fewer rows"] = (file => Rows(file, "developers", 0), "more than the 0 rows"),
        ["manifest: negative rows"] = (file => Rows(file, "developers", -1), "more than the -1 rows"),
        ["manifest: a foreign table"] = (file => Rows(file, $"notes{Escape}", 1), "which is not Latchkey's"),
        ["manifest: a table less"] = (
            file => Change(file, manifest => manifest with { Rows = manifest.Rows.SkipLast(1).ToDictionary() }),
            "no part of a backup"
        ),
        ["a file more"] = (file => BackupFile.Add(file, $"notes{Escape}.txt", "x"), "no part of a backup"),
        ["a file above the folder"] = (file => BackupFile.Add(file, "keys/../../20260101000000.key", "x"), "no part of a backup"),
        ["a key of no time"] = (file => BackupFile.Add(file, "keys/latest.key", "x"), "no part of a backup"),
        ["keys: more than 100"] = (
            file => Enumerable.Range(0, 101).ToList().ForEach(i => BackupFile.Add(file, $"keys/{2000 + i}0131120000.key", "x")),
            "more than 100 keys"
        ),
        ["a file twice"] = (file => BackupFile.Add(file, "manifest.json", "{}"), "twice"),
        ["a table of nothing"] = (file => BackupFile.Edit(file, Developers, _ => ""), "is empty"),
        ["a table of another method"] = (file => EditHeader(file, "PK\x01\x02", nameOffset: 46, changedOffset: 10), "cannot be unpacked"),
        ["a table without a header"] = (file => EditHeader(file, "PK\x03\x04", nameOffset: 30, changedOffset: 0), "cannot be unpacked"),
        ["a table of binary"] = (file => BackupFile.EditBytes(file, Developers, _ => [0, 1, 2, 255]), "not a JSON array"),
        ["columns: an object"] = (file => BackupFile.Edit(file, Developers, _ => "{}\n"), "not a JSON array"),
        ["columns: numbers"] = (file => BackupFile.Edit(file, Developers, _ => "[1]\n"), "does not name its columns"),
        ["columns: one twice"] = (file => Row(file, row => row, header => header.Replace("\"name\"", "\"email\"")), "twice"),
        ["columns: an unknown one"] = (
            file => Row(file, row => row, header => header.Replace("\"name\"", "\"naem\\u001b[2J\"")),
            "other columns"
        ),
        ["columns: one less"] = (file => BackupFile.Edit(file, Developers, _ => "[\"id\"]\n[\"x\"]\n"), "other columns"),
        ["row: a value more"] = (file => Row(file, row => row[..^1] + ",7]"), "values in row 1"),
        ["row: a value less"] = (file => Row(file, _ => "[\"x\"]"), "1 values in row 1"),
        ["row: an object"] = (file => Row(file, _ => "{\"id\":\"x\"}"), "not a JSON array"),
        ["row: a list in it"] = (file => Row(file, row => row[..^1] + ",[]]"), "not a JSON array"),
        ["row: deep"] = (file => Row(file, _ => new string('[', 100_000)), "not a JSON array"),
        ["row: a number of 1e40"] = (file => Row(file, row => LastNumber(row, "1e40")), "whole number of 64 bits"),
        ["row: a fraction"] = (file => Row(file, row => LastNumber(row, "1.5")), "whole number of 64 bits"),
        ["row: not a number"] = (file => Row(file, row => LastNumber(row, "\"x\"")), "of the kind Number"),
        ["row: half a character"] = (file => Row(file, row => row.Replace("Ann", "\\ud800")), "not Unicode"),
        ["row: not UTF-8"] = (
            file => BackupFile.EditBytes(file, Developers, bytes => [.. bytes.Select(one => one == (byte)'A' ? (byte)0xFF : one)]),
            "not Unicode"
        ),
        ["row: what the schema forbids"] = (file => Row(file, row => row.Replace("\"Ann\"", "null")), "does not fit"),
    };

    public static TheoryData<string> All => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Is_refused_with_a_sentence_and_nothing_of_it_is_written(string damage)
    {
        var (source, target) = (await Source(), await servers.NewInstallation());
        var file = await BackupFile.Make(source);
        Directory.CreateDirectory(Path.Combine(target.DataFolder, "keys"));
        foreach (var key in Directory.GetFiles(Path.Combine(source.DataFolder, "keys")))
        {
            File.Copy(key, Path.Combine(target.DataFolder, "keys", Path.GetFileName(key)));
        }

        BackupFile.Unsign(file);
        var (change, because) = Damages[damage];
        change(file);
        var refused = await target.Run("restore", file, "--trust-file");
        refused.ShouldFail(because);
        refused.Error.Trim().ShouldNotContain('\n');
        refused.Error.ShouldNotContain('\e');
        refused.Output.ShouldBeEmpty();
        (await target.Query<long>("SELECT COUNT(*) FROM applications")).ShouldBe(0);
    }

    [Theory]
    [InlineData("a row")]
    [InlineData("a row of values")]
    [InlineData("a first line")]
    [InlineData("a manifest")]
    [InlineData("a table of contents")]
    public async Task A_bomb_is_refused_in_little_memory(string bomb)
    {
        Assert.SkipWhen(Engine.IsPostgres && !TestScale.IsLong, "none of it comes near the database");
        var (source, target) = (await Source(), await servers.NewInstallation());
        var file = await BackupFile.Make(source, "--with-keys");
        BackupFile.Unsign(file);
        switch (bomb)
        {
            case "a row":
                Swell(file, Developers, "[\"id\"]\n[\"");
                break;
            case "a row of values":
                Swell(file, Developers, "[\"id\"]\n[1", ",1", 60);
                break;
            case "a first line":
                Swell(file, Developers, "[\"id\"", ",\"id\"", 60);
                break;
            case "a manifest":
                Swell(file, "manifest.json", "{");
                break;
            default:
                AddEntries(file, 200_000);
                break;
        }

        await using var restore = ChildProcess.Start(
            RepositoryPaths.Program,
            ["restore", file, "--trust-file", .. NextRelease.Place(target)],
            [LittleMemory]
        );
        await restore.WaitForExit();
        restore
            .Lines.Single()
            .ShouldContain(
                bomb == "a row of values" ? "has more than 1 values in row 1"
                : bomb == "a first line" ? "has more than 500 values in its first line"
                : bomb == "a row" ? "has a row of more than 64 MiB"
                : bomb == "a manifest" ? "longer than"
                : "too long"
            );
        restore.ExitCode.ShouldBe(1);
        TestScale.RecordFigure(79, $"{bomb} of {BombMiB} MiB, in a file of {new FileInfo(file).Length >> 10} KiB, refused within 192 MiB");
    }

    [Fact]
    public async Task A_byte_that_was_changed_ends_in_a_sentence_wherever_it_is()
    {
        Assert.SkipWhen(Engine.IsPostgres && !TestScale.IsLong, "the file is read before the database");
        var file = await BackupFile.Make(await Source(), "--with-keys");
        BackupFile.Unsign(file);
        var bytes = await File.ReadAllBytesAsync(file);
        var refused = 0;
        for (var i = 0; i < bytes.Length; i += TestScale.Size(7, 1))
        {
            foreach (var value in new[] { (byte)0, (byte)0xFF, (byte)(bytes[i] ^ 1) })
            {
                byte[] changed = [.. bytes];
                changed[i] = value;
                await File.WriteAllBytesAsync(file, changed);
                try
                {
                    using var archive = BackupArchive.Open(file);
                    archive.Verify();
                }
                catch (Exception e) when (e is RestoreException or IOException)
                {
                    refused++;
                }
            }
        }

        refused.ShouldBeGreaterThan(100);
    }

    private async Task<TestInstallation> Source()
    {
        var source = await servers.NewInstallation();
        (
            await source.RunWithInput(
                "a password of hers\n",
                "operator",
                "create",
                "--email",
                "a@b.test",
                "--name",
                "Ann",
                "--password-stdin"
            )
        ).ShouldSucceed();
        return source;
    }

    private static void Manifest(string file, Func<string, string> change) => BackupFile.Edit(file, "manifest.json", change);

    private static void Change(string file, Func<BackupManifest, BackupManifest> change) => BackupFile.EditManifest(file, change);

    private static void Rows(string file, string table, long count) =>
        Change(file, manifest => manifest with { Rows = new Dictionary<string, long>(manifest.Rows) { [table] = count } });

    /// <summary>The one row of the developers.</summary>
    private static void Row(string file, Func<string, string> row, Func<string, string>? header = null) =>
        BackupFile.Edit(file, Developers, text => $"{(header ?? (line => line))(text.Split('\n')[0])}\n{row(text.Split('\n')[1])}\n");

    /// <summary>In place of the time when the account was created.</summary>
    private static string LastNumber(string row, string number) => System.Text.RegularExpressions.Regex.Replace(row, "[0-9]{13}", number);

    private static void Rezip(string file)
    {
        File.Delete(file);
        using var zip = ZipFile.Open(file, ZipArchiveMode.Create);
        zip.CreateEntry("readme.txt");
    }

    /// <summary>Replaces an entry by a long one, which packs to next to nothing.</summary>
    private static void Swell(string file, string entry, string start, string repeated = " ", int mebibytes = BombMiB)
    {
        using var zip = ZipFile.Open(file, ZipArchiveMode.Update);
        var old = zip.Entries.Single(one => one.FullName.EndsWith(entry, StringComparison.Ordinal));
        var name = old.FullName;
        old.Delete();
        using var stream = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
        stream.Write(Encoding.UTF8.GetBytes(start));
        var chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, (1 << 20) / repeated.Length)));
        for (var i = 0; i < mebibytes; i++)
        {
            stream.Write(chunk);
        }
    }

    /// <summary>Changes a byte of a header of the table developers (https://pkware.com/appnote, 4.3.7 and 4.3.12).</summary>
    private static void EditHeader(string file, string signature, int nameOffset, int changedOffset)
    {
        var bytes = File.ReadAllBytes(file);
        var text = Encoding.Latin1.GetString(bytes);
        for (
            var at = text.IndexOf(signature, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(signature, at + 1, StringComparison.Ordinal)
        )
        {
            var name = text.Substring(at + nameOffset, Math.Min(60, text.Length - at - nameOffset));
            if (name.StartsWith("tables/", StringComparison.Ordinal) && name[10..].StartsWith(Developers, StringComparison.Ordinal))
            {
                bytes[at + changedOffset] = 99;
            }
        }

        File.WriteAllBytes(file, bytes);
    }

    private static void AddEntries(string file, int count)
    {
        using var zip = ZipFile.Open(file, ZipArchiveMode.Update);
        for (var i = 0; i < count; i++)
        {
            zip.CreateEntry($"{i}");
        }
    }
}
