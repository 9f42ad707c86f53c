using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Messages.Templates;

namespace Latchkey.Tests.Messages.Templates;

/// <summary>Two developers at one template: the second to save is told, whatever the first did.</summary>
public sealed class TemplateConflictTests(ServerFixture servers)
{
    [Fact]
    public async Task The_second_of_two_who_read_the_same_version_saves_nothing()
    {
        var editing = await Begin();
        (await editing.Save("first", 0)).Error.ShouldBeNull();
        (await editing.Save("second", 0)).Error.ShouldBe(TemplateRules.EditConflict);
        (await editing.Reset(0)).Error.ShouldBe(TemplateRules.EditConflict);
        var first = (await editing.Stored())!;
        first.Html.ShouldBe("first %CODE%");
        (await editing.Save("third", first.UpdatedAt)).Error.ShouldBeNull();
        (await editing.Save("fourth", first.UpdatedAt)).Error.ShouldBe(TemplateRules.EditConflict);
        (await editing.Stored())!.Html.ShouldBe("third %CODE%");
    }

    [Fact]
    public async Task A_text_that_was_given_up_meanwhile_is_not_brought_back()
    {
        var editing = await Begin();
        await editing.Save("first", 0);
        var read = (await editing.Stored())!.UpdatedAt;
        (await editing.Reset(read)).Error.ShouldBeNull();
        (await editing.Save("second", read)).Error.ShouldBe(TemplateRules.EditConflict);
        (await editing.Reset(read)).Error.ShouldBe(TemplateRules.EditConflict);
        (await editing.Stored()).ShouldBeNull();
        (await editing.Save("second", 0)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Of_sixteen_saves_at_once_one_is_done()
    {
        var editing = await Begin();
        for (var round = 0; round < 5; round++)
        {
            var read = (await editing.Stored())?.UpdatedAt ?? 0;
            var saves = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => editing.Save($"{round}-{i}", read)));
            saves.Count(save => save.Succeeded).ShouldBe(1);
            saves.Count(save => save.Error == TemplateRules.EditConflict).ShouldBe(15);
        }

        (await editing.Lines("saveTemplate")).ShouldBe(5);
    }

    [Fact]
    public async Task Every_change_stands_in_the_log_with_who_made_it()
    {
        var editing = await Begin();
        await editing.Save("first", 0);
        await editing.Save("second", 0);
        await editing.Reset((await editing.Stored())!.UpdatedAt);
        (await editing.Lines("saveTemplate")).ShouldBe(1);
        (await editing.Lines("resetTemplate")).ShouldBe(1);
    }

    private async Task<Editing> Begin()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        return new(
            app,
            await app.Installation.Get<TemplateRules>(),
            (await (await app.Installation.Get<ApplicationCache>()).Find(app.Id))!
        );
    }

    private sealed record Editing(App App, TemplateRules Rules, Application Application)
    {
        public Task<Latchkey.Core.Result<Latchkey.Core.Done>> Save(string text, long basedOn) =>
            Rules.Save(
                Application,
                new TemplateRow
                {
                    Locale = "EN",
                    Kind = "signUp",
                    Subject = "x",
                    Html = $"{text} %CODE%",
                },
                new Actor("ann@example.com", "127.0.0.1"),
                basedOn
            );

        public Task<Latchkey.Core.Result<Latchkey.Core.Done>> Reset(long basedOn) =>
            Rules.Reset(Application.Id, "EN", "signUp", new Actor("ann@example.com", "127.0.0.1"), basedOn);

        public Task<TemplateRow?> Stored() => Rules.Find(Application.Id, "EN", "signUp");

        public Task<long> Lines(string action) =>
            App.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = @action AND actor = 'ann@example.com' AND detail = 'EN signUp'",
                new { App.Id, action }
            );
    }
}
