using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Tests.Core;

/// <summary>Files that Latchkey writes: new ones, for their owner only, and never through a link.</summary>
public sealed class OutputFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string folder = Directory.CreateTempSubdirectory("latchkey-output-").FullName;

    private string Target => Path.Combine(folder, "users.rejects");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_open_file_in_its_place_is_replaced_by_one_for_the_owner_only()
    {
        File.WriteAllText(Target, "old");
        File.SetUnixFileMode(Target, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        Write("new", overwrite: true);
        (File.ReadAllText(Target), File.GetUnixFileMode(Target)).ShouldBe(("new", OwnerOnly));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_in_its_place_is_replaced_and_not_followed(bool isDangling)
    {
        var victim = Path.Combine(folder, "victim");
        if (!isDangling)
        {
            File.WriteAllText(victim, "theirs");
        }

        File.CreateSymbolicLink(Target, victim);
        Write("new", overwrite: true);
        File.ReadAllText(Target).ShouldBe("new");
        new FileInfo(Target).LinkTarget.ShouldBeNull();
        (File.Exists(victim) ? File.ReadAllText(victim) : "").ShouldBe(isDangling ? "" : "theirs");
    }

    [Fact]
    public void What_must_not_be_replaced_stays()
    {
        File.WriteAllText(Target, "old");
        Should.Throw<IOException>(() => Write("new", overwrite: false)).Message.ShouldContain("already exists");
        File.Delete(Target);
        File.CreateSymbolicLink(Target, Path.Combine(folder, "nowhere"));
        Should.Throw<IOException>(() => Write("new", overwrite: false));
        Directory.GetFiles(folder).ShouldBe([Target]);
        File.Exists(Path.Combine(folder, "nowhere")).ShouldBeFalse();
    }

    [Fact]
    public void Before_it_is_complete_nothing_has_its_name_and_afterwards_nothing_is_left_of_the_draft()
    {
        using (var file = OutputFile.Create(Target, overwrite: true))
        {
            file.Content.Write("half"u8);
            File.Exists(Target).ShouldBeFalse();
            File.GetUnixFileMode(file.Draft).ShouldBe(OwnerOnly);
        }

        Directory.GetFiles(folder).ShouldBeEmpty();
        Write("whole", overwrite: false);
        Directory.GetFiles(folder).ShouldBe([Target]);
    }

    [Theory]
    [InlineData("backup-12:30.zip")]
    [InlineData("2026-11-29T12:30:00.zip")]
    [InlineData("port=12.zip")]
    public void A_name_with_a_time_of_day_is_one_for_a_file(string name) =>
        OutputFile.FullPath(name).ShouldBe(Path.Combine(Environment.CurrentDirectory, name));

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/stdout")]
    [InlineData("/proc/self/fd/1")]
    [InlineData("/tmp/../dev/null")]
    [InlineData("postgres://ann:secret@h/db")]
    [InlineData("ann:secret@h/db")]
    [InlineData("\"users.csv\"")]
    [InlineData("")]
    public void What_is_no_place_for_a_file_is_refused(string path) =>
        Should.Throw<InvalidSettingException>(() => OutputFile.Create(path, overwrite: true)).Message.ShouldNotContain("secret");

    [Fact]
    public void Missing_folders_are_made_for_their_owner_only()
    {
        var deep = Path.Combine(folder, "a", "b", "c");
        OwnerOnlyFolder.Create(deep);
        foreach (var made in new[] { deep, Path.Combine(folder, "a", "b"), Path.Combine(folder, "a") })
        {
            File.GetUnixFileMode(made).ShouldBe(OwnerOnly | UnixFileMode.UserExecute, made);
        }
    }

    [Fact]
    public void A_file_that_comes_in_is_bounded_and_strict()
    {
        File.WriteAllBytes(Target, [0xEF, 0xBB, 0xBF, .. "grün"u8]);
        InputFile.ReadText(Target, 100).ShouldBe("grün");
        Should.Throw<UnreadableFileException>(() => InputFile.ReadText(Target, 7)).Message.ShouldContain("longer than 7 bytes");
        Should.Throw<UnreadableFileException>(() => InputFile.ReadText("/dev/zero", 1 << 20)).Message.ShouldContain("longer than");
        File.WriteAllBytes(Target, [.. "gr"u8, 0xFC, .. "n"u8]);
        Should.Throw<UnreadableFileException>(() => InputFile.ReadText(Target, 100)).Message.ShouldContain("not text in UTF-8");
        Should.Throw<InvalidSettingException>(() => SecretFile.Read("/dev/zero")).Message.ShouldContain("longer than");
    }

    private void Write(string text, bool overwrite)
    {
        using var file = OutputFile.Create(Target, overwrite);
        file.Content.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Publish();
    }
}
