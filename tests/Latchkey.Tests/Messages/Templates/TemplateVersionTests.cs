using Dapper;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Templates;

namespace Latchkey.Tests.Messages.Templates;

/// <summary>What was saved as a template is kept, to compare and to go back to.</summary>
public sealed class TemplateVersionTests(ServerFixture servers)
{
    private static readonly Actor Ann = new("ann@example.com", "127.0.0.1");
    private static readonly Actor Bob = new("bob@example.com", "127.0.0.1");

    [Fact]
    public async Task Every_save_is_a_version_with_its_number_and_who_made_it()
    {
        var (app, rules, application) = await Begin();
        (await rules.Versions(app.Id, "EN", "signUp")).ShouldBeEmpty();
        await Save(rules, application, "first", Ann);
        await Save(rules, application, "second", Bob);
        await Save(rules, application, "second", Ann); // nothing changes
        await Save(rules, application, "other", Ann, kind: "invite");
        var versions = await rules.Versions(app.Id, "EN", "signUp");
        versions.Select(version => (version.Version, version.Actor)).ShouldBe([(2, Bob.Name), (1, Ann.Name)]);
        versions[0].SavedAt.ShouldBe((await rules.Find(app.Id, "EN", "signUp"))!.UpdatedAt);
        (await rules.FindVersion(app.Id, "EN", "signUp", 1))!.Html.ShouldBe("first %CODE%");
        (await rules.FindVersion(app.Id, "EN", "signUp", 3)).ShouldBeNull();
        (
            await app.Installation.Query<long>("SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'saveTemplate'", new { app.Id })
        ).ShouldBe(3);
    }

    [Fact]
    public async Task An_earlier_version_is_saved_again_under_the_next_number_also_after_a_reset()
    {
        var (app, rules, application) = await Begin();
        await Save(rules, application, "first", Ann);
        await Save(rules, application, "second", Ann);
        (await rules.Restore(application, "EN", "signUp", 1, Bob)).Error.ShouldBeNull();
        (await rules.Find(app.Id, "EN", "signUp"))!.Html.ShouldBe("first %CODE%");
        (await rules.Versions(app.Id, "EN", "signUp"))[0]
            .ShouldSatisfyAllConditions(
                newest => newest.Version.ShouldBe(3),
                newest => newest.RestoredFrom.ShouldBe(1),
                newest => newest.Actor.ShouldBe(Bob.Name)
            );
        (await rules.Reset(app.Id, "EN", "signUp", Ann)).Error.ShouldBeNull();
        (await rules.Versions(app.Id, "EN", "signUp")).Count.ShouldBe(3);
        (await rules.Restore(application, "EN", "signUp", 2, Ann)).Error.ShouldBeNull();
        (await rules.Find(app.Id, "EN", "signUp"))!.Html.ShouldBe("second %CODE%");
        (await rules.Restore(application, "EN", "signUp", 9, Ann)).Error.ShouldBe(TemplateRules.NoSuchVersion);
        (await rules.Restore(application, "EN", "invite", 1, Ann)).Error.ShouldBe(TemplateRules.NoSuchVersion);
    }

    [Fact]
    public async Task Another_application_has_versions_of_its_own()
    {
        var (_, rules, mine) = await Begin();
        var (_, _, other) = await Begin();
        await Save(rules, mine, "mine", Ann);
        (await rules.Restore(other, "EN", "signUp", 1, Bob)).Error.ShouldBe(TemplateRules.NoSuchVersion);
        await Save(rules, other, "other", Bob);
        (await rules.Versions(mine.Id, "EN", "signUp")).Count.ShouldBe(1);
        (await rules.FindVersion(other.Id, "EN", "signUp", 1))!.Html.ShouldBe("other %CODE%");
    }

    [Fact]
    public async Task The_oldest_versions_go_and_numbers_are_never_used_again()
    {
        var (app, rules, application) = await Begin();
        for (var i = 1; i <= TemplateRules.MaxVersions + 3; i++)
        {
            await Save(rules, application, $"text {i}", Ann);
        }

        var versions = await rules.Versions(app.Id, "EN", "signUp");
        versions.Select(version => version.Version).ShouldBe(Enumerable.Range(4, TemplateRules.MaxVersions).Reverse().Select(i => (long)i));
    }

    [Fact]
    public async Task The_command_line_lists_versions_and_goes_back()
    {
        var (app, rules, application) = await Begin();
        (await app.Installation.Run("template", "versions", app.Id, "EN", "signUp")).ShouldSucceed().Output.ShouldContain("No version");
        await Save(rules, application, "first", Ann);
        await Save(rules, application, "second", Bob);
        (await app.Installation.Run("template", "restore", app.Id, "en", "signUp", "1")).ShouldSucceed();
        (await app.Installation.Run("template", "show", app.Id, "EN", "signUp")).ShouldSucceed().Output.ShouldContain("first %CODE%");
        var listed = (await app.Installation.Run("template", "versions", app.Id, "EN", "signUp", "--json")).ShouldSucceed().Json;
        listed.EnumerateArray().Select(one => one.GetProperty("version").GetInt64()).ShouldBe([3, 2, 1]);
        listed[0].GetProperty("restoredFrom").GetInt64().ShouldBe(1);
        listed[1].GetProperty("savedBy").GetString().ShouldBe(Bob.Name);
        (await app.Installation.Run("template", "versions", app.Id, "EN", "signUp")).Output.ShouldContain("as version 1");
        var refused = await app.Installation.Run("template", "restore", app.Id, "EN", "signUp", "9");
        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain("no version with this number");
    }

    [Fact]
    public async Task The_upgrade_makes_a_first_version_of_each_template_that_is_in_use()
    {
        var installation = await servers.NewInstallation();
        var created = await installation.Run("app", "create", "--name", "Letters", "--algorithm", "ES256", "--json");
        var appId = created.ShouldSucceed().Json.GetProperty("appId").GetString()!;
        var rules = await installation.Get<TemplateRules>();
        await Save(rules, (await (await installation.Get<ApplicationCache>()).Find(appId))!, "old", Ann);
        var database = await installation.Get<Database>();
        await database.Write(async db =>
        {
            await db.ExecuteAsync("DROP TABLE template_versions");
            await db.ExecuteAsync(
                Migrator.ScriptTexts(database.Dialect.Name).Single(script => script.Contains("CREATE TABLE template_versions"))
            );
        });

        var version = (await rules.Versions(appId, "EN", "signUp")).ShouldHaveSingleItem();
        (version.Version, version.Actor).ShouldBe((1, ""));
        version.SavedAt.ShouldBe((await rules.Find(appId, "EN", "signUp"))!.UpdatedAt);
        (await rules.FindVersion(appId, "EN", "signUp", 1))!.Html.ShouldBe("old %CODE%");
    }

    private async Task<(App App, TemplateRules Rules, Application Application)> Begin()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        return (app, await app.Installation.Get<TemplateRules>(), (await (await app.Installation.Get<ApplicationCache>()).Find(app.Id))!);
    }

    private static async Task Save(TemplateRules rules, Application application, string text, Actor actor, string kind = "signUp") =>
        (
            await rules.Save(
                application,
                new TemplateRow
                {
                    Locale = "EN",
                    Kind = kind,
                    Subject = "x",
                    Html = $"{text} %CODE%",
                },
                actor
            )
        ).Error.ShouldBeNull();
}
