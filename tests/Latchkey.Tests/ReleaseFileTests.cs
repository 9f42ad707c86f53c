using System.Globalization;

namespace Latchkey.Tests;

/// <summary>
/// The single file of a release works on a machine that has nothing of ours: in a root folder with the file, the system libraries that .NET
/// needs, /tmp, /proc, /dev/null, /dev/urandom and certificates.
/// </summary>
public sealed class ReleaseFileTests
{
    /// <summary>What .NET itself needs from a Linux distribution: the C runtime, OpenSSL, and ICU of any version.</summary>
    private static readonly string[] SystemLibraries =
    [
        "ld-linux-x86-64.so.2",
        "libicudata.so.??",
        "libicui18n.so.??",
        "libicuuc.so.??",
        "libc.so.6",
        "libcrypto.so.3",
        "libdl.so.2",
        "libgcc_s.so.1",
        "libm.so.6",
        "libpthread.so.0",
        "librt.so.1",
        "libssl.so.3",
        "libstdc++.so.6",
    ];

    /// <summary>By default a question mark at the end stands for nothing too, and a name without a version would be found.</summary>
    private static readonly EnumerationOptions ExactlyTwo = new() { MatchType = MatchType.Simple };

    private static readonly string[] LibraryFolders = ["/lib64", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu"];

    [Fact]
    public async Task It_serves_the_tour_in_a_root_folder_with_nothing_beside_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "chroot needs root");
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.Is64BitProcess, "the file is for Linux on x64");
        Assert.SkipWhen(Engine.IsPostgres, "the file is the same on both engines");
        await ChildProcess.Run(Path.Combine(RepositoryPaths.Root, "scripts", "release"), "--file");
        var folder = Directory.CreateTempSubdirectory("latchkey-release-").FullName;
        var (root, work) = (Path.Combine(folder, "root"), Path.Combine(folder, "work"));
        Directory.CreateDirectory(work);
        FillRoot(root);
        var address = $"http://127.0.0.1:{FreePort.Find().ToString(CultureInfo.InvariantCulture)}";
        var script = Path.Combine(folder, "tour.sh");
        await File.WriteAllTextAsync(script, Script(root, work, address), TestContext.Current.CancellationToken);

        await using var shell = ChildProcess.Start("unshare", ["--mount", "bash", script]);
        await shell.WaitForExit();

        var printed = string.Join('\n', shell.Lines);
        shell.ExitCode.ShouldBe(0, printed);
        ReadmeTour.ShouldHaveSucceeded(printed);
        printed.ShouldContain(ReadmeTour.SetupLine.Split("http")[0]);
        printed.ShouldContain("css: text/css");
        Directory.Delete(folder, recursive: true);
    }

    private static void FillRoot(string root)
    {
        foreach (var name in new[] { "tmp", "proc", "dev", "data", "etc/ssl", "lib64", "usr/lib" })
        {
            Directory.CreateDirectory(Path.Combine(root, name));
        }

        File.Copy(Path.Combine(RepositoryPaths.Root, ".build", "release-file", "latchkey"), Path.Combine(root, "latchkey"));
        File.WriteAllText(Path.Combine(root, "dev", "null"), "");
        File.WriteAllText(Path.Combine(root, "dev", "urandom"), "");
        foreach (var library in SystemLibraries)
        {
            var found = LibraryFolders.SelectMany(place => Directory.EnumerateFiles(place, library, ExactlyTwo)).First();
            var target = library.StartsWith("ld-", StringComparison.Ordinal) ? "lib64" : "usr/lib";
            File.Copy(found, Path.Combine(root, target, Path.GetFileName(found)));
        }
    }

    /// <summary>The mounts end with the script, and so does the server.</summary>
    private static string Script(string root, string work, string address) =>
        $$"""
            set -euo pipefail
            mount --bind /dev/null {{root}}/dev/null
            mount --bind /dev/urandom {{root}}/dev/urandom
            mount --bind /proc {{root}}/proc
            cp -r /etc/ssl/certs {{root}}/etc/ssl/certs
            cd {{work}}
            printf '#!/bin/sh\nHOME=/tmp LATCHKEY_DATA=/data exec chroot {{root}} /latchkey "$@"\n' > latchkey
            chmod +x latchkey
            ./latchkey serve --listen {{address}} &
            trap 'kill $!' EXIT
            curl -fs --retry 60 --retry-delay 1 --retry-connrefused -o /dev/null {{address}}/health/ready
            for path in $(curl -fsS {{address}}/portal/sign-in | grep -o '/css/[^"]*'); do
              curl -fsS -o /dev/null -w 'css: %{content_type}\n' {{address}}$path
            done
            {{ReadmeTour.Commands(address)}}
            kill $!
            wait $!
            trap - EXIT
            """;
}
