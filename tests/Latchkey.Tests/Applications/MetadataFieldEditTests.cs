using System.Net;

namespace Latchkey.Tests.Applications;

/// <summary>Metadata fields are changed one by one: nobody's edit gets lost in another's.</summary>
public sealed class MetadataFieldEditTests(ServerFixture servers)
{
    [Fact]
    public async Task Fields_added_at_the_same_time_are_all_there()
    {
        var (app, ada, page) = await Begin();
        using (ada)
        {
            var form = await ada.Open($"{page}/fields/metaData", "field");
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 12)
                    .Select(i => ada.Send($"{page}/fields/metaData", form, ("path", $"data.field{i}"), ("fieldName", ""), ("canEdit", "1")))
            );
            answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.SeeOther);
            (await Paths(app)).Order().ShouldBe(Enumerable.Range(0, 12).Select(i => $"data.field{i}").Order());
        }
    }

    [Fact]
    public async Task Adding_changing_deleting_and_moving_at_the_same_time_all_count()
    {
        var (app, ada, page) = await Begin("a", "b", "c", "d");
        using (ada)
        {
            var add = await ada.Open($"{page}/fields/metaData", "field");
            var change = await ada.Open($"{page}/fields/metaData?path=b", "field");
            var delete = await ada.Open($"{page}/fields/metaData?path=c", "delete");
            var move = await ada.Open(page, "move-metaData");
            await Task.WhenAll(
                ada.Send($"{page}/fields/metaData", add, ("path", "e")),
                ada.Send($"{page}/fields/metaData?path=b", change, ("path", "b2"), ("fieldName", "b2")),
                ada.Send($"{page}/fields/metaData?path=c", delete),
                ada.Send(page, move, ("down", "a"))
            );
            (await Paths(app)).Order().ShouldBe(["a", "b2", "d", "e"]);
            (await Paths(app))[0].ShouldNotBe("a");
        }
    }

    [Fact]
    public async Task A_change_of_what_has_changed_in_the_meantime_is_refused()
    {
        var (app, ada, page) = await Begin("a");
        using (ada)
        {
            var first = await ada.Open($"{page}/fields/metaData?path=a", "field");
            var second = await ada.Open($"{page}/fields/metaData?path=a", "field");
            (await ada.Send($"{page}/fields/metaData?path=a", first, ("fieldName", "first"))).Status.ShouldBe(HttpStatusCode.SeeOther);
            (await ada.Send($"{page}/fields/metaData?path=a", second, ("fieldName", "second")))
                .Text(".notice.bad")
                .ShouldContain("Somebody else changed this field");
            (await app.Installation.Run("app", "show", app.Id, "--json"))
                .ShouldSucceed()
                .Json.GetProperty("metaData")[0]
                .GetProperty("fieldName")
                .GetString()
                .ShouldBe("first");
        }
    }

    [Fact]
    public async Task Fields_are_moved_up_and_down_and_stay_at_the_ends()
    {
        var (app, ada, page) = await Begin("a", "b", "c");
        using (ada)
        {
            await ada.Submit(page, "move-metaData", ("up", "c"));
            (await Paths(app)).ShouldBe(["a", "c", "b"]);
            await ada.Submit(page, "move-metaData", ("down", "b"));
            await ada.Submit(page, "move-metaData", ("up", "a"));
            (await Paths(app)).ShouldBe(["a", "c", "b"]);
            (await ada.Submit(page, "move-metaData", ("up", "gone"))).Text("#set-metaData .notice.bad").ShouldContain("deleted this field");
            (await ada.Submit(page, "move-metaData")).Text("#set-metaData .notice.bad").ShouldNotBeEmpty();
            (await Paths(app)).ShouldBe(["a", "c", "b"]);
        }
    }

    [Theory]
    [InlineData("a", "overlap")]
    [InlineData("a.b", "overlap")]
    [InlineData("", "must be 1 to")]
    [InlineData("sub", "claim that Latchkey sets")]
    [InlineData("b c", "must be 1 to")]
    public async Task A_field_that_cannot_be_is_refused_beside_its_path(string path, string says)
    {
        var (app, ada, page) = await Begin("a");
        using (ada)
        {
            (await ada.Submit($"{page}/fields/metaDataInvite", "field", ("path", path), ("fieldName", "x")))
                .Text("#field-path-error")
                .ShouldContain(says);
            (await Paths(app)).ShouldBe(["a"]);
        }
    }

    [Theory]
    [InlineData("[{}]")]
    [InlineData("[7]")]
    [InlineData("")]
    public async Task A_form_whose_hidden_field_was_bent_changes_nothing_and_says_so(string seen)
    {
        var (app, ada, page) = await Begin("a");
        using (ada)
        {
            (await ada.Submit($"{page}/fields/metaData?path=a", "field", ("path", "b"), ("seen", seen)))
                .Text(".notice.bad")
                .ShouldContain("nothing was saved");
            (await Paths(app)).ShouldBe(["a"]);
        }
    }

    [Theory]
    [InlineData("[{}]")]
    [InlineData("""[{"fieldName":"x"}]""")]
    [InlineData("""[{"path":7}]""")]
    [InlineData("""[{"path":"\ud800"}]""")]
    public async Task Definitions_without_a_path_are_refused_by_the_command(string fields)
    {
        var app = await servers.Main.CreateApp();
        (await app.Installation.Run("app", "set", app.Id, $"metaData={fields}")).ShouldFail("metaData is a JSON array like");
    }

    private async Task<(App App, PortalVisitor Ada, string Page)> Begin(params string[] paths)
    {
        var app = await servers.Main.CreateApp($"metaData=[{string.Join(',', paths.Select(path => $$"""{"path":"{{path}}"}"""))}]");
        return (app, await PortalVisitor.Member(app, "editor"), $"/portal/applications/{app.Id}/settings/metadata");
    }

    private static async Task<IReadOnlyList<string>> Paths(App app) =>
        [
            .. (await app.Installation.Run("app", "show", app.Id, "--json"))
                .ShouldSucceed()
                .Json.GetProperty("metaData")
                .EnumerateArray()
                .Select(field => field.GetProperty("path").GetString()!),
        ];
}
