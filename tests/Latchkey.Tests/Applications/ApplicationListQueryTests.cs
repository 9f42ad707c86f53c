using System.Text.Json;
using Latchkey.Applications;

namespace Latchkey.Tests.Applications;

/// <summary>Lists of applications: search, filters, orders and pages.</summary>
public sealed class ApplicationListQueryTests(ServerFixture servers) : IAsyncLifetime
{
    private TestInstallation installation = null!;
    private ApplicationList list = null!;

    public async ValueTask InitializeAsync()
    {
        installation = await servers.NewInstallation();
        foreach (var name in new[] { "Zebra", "ärger", "Ällei", "apple 100%", "Apple pie" })
        {
            (await installation.Run("app", "create", "--name", name, "--algorithm", "ES256")).ShouldSucceed();
        }

        list = await installation.Get<ApplicationList>();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task They_are_found_by_a_part_of_the_name_and_by_the_beginning_of_the_id()
    {
        (await Found(new("APPLE"))).ShouldBe(["apple 100%", "Apple pie"]);
        (await Found(new("0%"))).ShouldBe(["apple 100%"]);
        (await Found(new("Äll"))).ShouldBe(["Ällei"]);
        (await Found(new("_"))).ShouldBeEmpty();
        var id = await installation.Query<string>("SELECT id FROM applications WHERE name = 'Zebra'");
        (await Found(new(id[..20]))).ShouldBe(["Zebra"]);
    }

    [Fact]
    public async Task They_are_filtered_by_status_sorted_and_shown_in_pages()
    {
        await installation.Execute("UPDATE applications SET status = 'inactive' WHERE name = 'Zebra'");
        (await Found(new(Status: "inactive"))).ShouldBe(["Zebra"]);
        (await Found(new(Sort: ApplicationSort.Newest)))[0].ShouldBe("Apple pie");
        await installation.Execute("INSERT INTO user_counts (app_id, users) SELECT id, 7 FROM applications WHERE name = 'Zebra'");
        (await Found(new(Sort: ApplicationSort.Users)))[0].ShouldBe("Zebra");
        var (first, hasMore) = await list.Page(new(), null, 0, 3);
        var (second, hasYetMore) = await list.Page(new(), null, 1, 3);
        (first.Count, hasMore, second.Count, hasYetMore).ShouldBe((3, true, 2, false));
        first.Concat(second).DistinctBy(app => app.Id).Count().ShouldBe(5);
    }

    [Fact]
    public async Task Naughty_strings_find_nothing_and_break_nothing()
    {
        var strings = JsonSerializer.Deserialize<string[]>(
            await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.TestData, "vectors", "blns.json"))
        )!;
        foreach (var text in strings.Where(text => text.Trim().Length > 2))
        {
            (await Found(new(text))).ShouldBeEmpty(text);
        }
    }

    private async Task<IReadOnlyList<string>> Found(ApplicationQuery query) =>
        [.. (await list.Page(query, null, 0, 50)).Applications.Select(app => app.Name)];
}
