namespace Latchkey.Tests.Faults;

/// <summary>Row 49: no space is left for the database.</summary>
[Collection(SerialCollection.Name)]
public sealed class FullDiskTests(ServerFixture servers)
{
    [Fact]
    public async Task Refusals_are_clear_nothing_breaks_and_it_goes_on_when_there_is_space()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a small disk is mounted, which only root may do");
        await using var disk = await LimitedDisk.Mount();
        await using var installation = await OnDisk(disk);
        await using var server = await ServerProcess.Start(installation, ["--limits", "off"]);
        var app = await server.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        await using (var traffic = SignupTraffic.Start(app, 3))
        {
            await traffic.WaitForSignups();
            disk.Fill();
            await WaitUntil.IsTrue(
                "signups are refused",
                () => Task.FromResult(traffic.All.Count(one => one.Status == 503) >= 20),
                TimeSpan.FromMinutes(2)
            );
            (await ann.TryGetUser()).ShouldBeOk();
            var ready = await server.Get("/health/ready");
            ((int)ready.Status, ready.Text.Trim()).ShouldBe((503, "the disk of the database is full"));
            disk.MakeRoom();
            await traffic.WaitForSignups();
            await traffic.Stop();
            server.Log.FirstOrDefault(line => line.Contains(" failed\"")).ShouldBeNull(); // a 500, with its reason
            traffic.All.ShouldAllBe(one => one.IsOk || (one.Status == 503 && one.Text.Contains("\"code\":701")));
            await traffic.VerifyAcknowledgedSignups(app);
            TestScale.RecordFigure(
                49,
                $"{traffic.All.Count(one => !one.IsOk)} signups refused with 503 while the disk was full, "
                    + $"{traffic.AcknowledgedHandles.Count} answered before and after: all there"
            );
        }

        await server.WaitUntilReady();
        (await app.TryLogin("ann@example.com")).ShouldBeOk();
        if (!Engine.IsPostgres)
        {
            (await installation.Query<string>("PRAGMA integrity_check")).ShouldBe("ok");
        }

        (await server.Stop()).ShouldBe(0);
    }

    private async Task<TestInstallation> OnDisk(LimitedDisk disk)
    {
        if (!Engine.IsPostgres)
        {
            return TestInstallation.Attach(null, Directory.CreateDirectory(Path.Combine(disk.Folder, "data")).FullName);
        }

        var tables = Directory.CreateDirectory(Path.Combine(disk.Folder, "tables")).FullName;
        await ChildProcess.Run("chown", "postgres", tables);
        await servers.Cluster!.Execute($"CREATE TABLESPACE small LOCATION '{tables}'");
        disk.BeforeUnmount = async () =>
        {
            await servers.Cluster!.Execute($"DROP DATABASE {databaseName} WITH (FORCE)");
            await servers.Cluster!.Execute("DROP TABLESPACE small");
        };
        var database = await servers.Cluster!.CreateDatabase("small");
        databaseName = database[(database.LastIndexOf('/') + 1)..];
        return TestInstallation.Attach(database);
    }

    private string databaseName = "";

    /// <summary>A file system of a few megabytes.</summary>
    private sealed class LimitedDisk : IAsyncDisposable
    {
        private LimitedDisk(string folder) => Folder = folder;

        public string Folder { get; }

        public Func<Task> BeforeUnmount { get; set; } = () => Task.CompletedTask;

        private string Filler => Path.Combine(Folder, "filler");

        public static async Task<LimitedDisk> Mount()
        {
            var folder = Directory.CreateTempSubdirectory("latchkey-disk-").FullName;
            await ChildProcess.Run("mount", "-t", "tmpfs", "-o", "size=48m,mode=755", "tmpfs", folder);
            return new(folder);
        }

        public void Fill()
        {
            using var file = File.Create(Filler);
            var block = new byte[4096];
            try
            {
                while (true)
                {
                    file.Write(block);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // full
            }
        }

        public void MakeRoom() => File.Delete(Filler);

        public async ValueTask DisposeAsync()
        {
            await BeforeUnmount();
            await ChildProcess.Run("umount", Folder);
            Directory.Delete(Folder);
        }
    }
}
