using System.Net;

namespace Latchkey.Tests.Applications;

/// <summary>What a change of settings leaves in the log, and what becomes of forms that were open meanwhile.</summary>
public sealed class SettingsChangeTests(ServerFixture servers)
{
    [Fact]
    public async Task The_log_says_what_was_changed_from_what_to_what_and_no_secret()
    {
        var app = await servers.Main.CreateApp();
        (
            await Set(
                app,
                "userJWTExpiration=48",
                "userNamesEnabled=0",
                "signupFlow=link",
                "googleHeading=He said \"x\", signupFlow: code → none",
                "smtpPassword=canary-password",
                "name=Other",
                """metaData=[{"path":"user_data.name","fieldName":"name"}]""",
                "locales=EN,DE"
            )
        ).ShouldSucceed();
        (await Lines(app)).ShouldBe(
            "userJWTExpiration: 24 → 48, signupFlow: code → link, googleHeading: \"\" → \"He said \\\"x\\\", signupFlow: code → "
                + "none\", smtpPassword set, name: \"Demo\" → \"Other\", metaData, locales: EN → EN,DE"
        );
        (await Set(app, "smtpPassword=", "status=inactive")).ShouldSucceed();
        (await Lines(app)).ShouldEndWith("|smtpPassword removed");
        (await DatabaseSnapshot.OfApplication(app.Installation, app.Id)).ShouldNotContain("canary-password");
    }

    [Fact]
    public async Task What_is_set_already_makes_neither_a_line_nor_a_revision()
    {
        var app = await servers.Main.CreateApp("userJWTExpiration=48");
        (
            await Set(
                app,
                "userJWTExpiration= 48",
                "signupFlow=CODE",
                "smtpPassword=",
                "name=Demo ",
                "type=development",
                "status=active",
                "metaData=[]"
            )
        ).ShouldSucceed();
        (await Lines(app)).ShouldBeEmpty();
        (await app.Installation.Query<long>("SELECT revision FROM applications WHERE id = @Id", new { app.Id })).ShouldBe(1);
    }

    [Fact]
    public async Task A_form_that_lay_open_turns_nothing_back_that_nobody_touched_in_it()
    {
        var (app, ada) = await Begin();
        using (ada)
        {
            var form = await ada.Open(Page(app), "settings");
            (await Set(app, "userJWTExpiration=48")).ShouldSucceed();
            (await ada.Send(Page(app), form, ("accessTokenExpiration", "100"))).Status.ShouldBe(HttpStatusCode.SeeOther);
            (await Shown(app, "userJWTExpiration"), await Shown(app, "accessTokenExpiration")).ShouldBe(("48", "100"));

            (await ada.Send(Page(app), form, ("accessTokenExpiration", "0")))
                .Document.QuerySelector("#field-userJWTExpiration")!
                .GetAttribute("value")
                .ShouldBe("48"); // also when the form comes back
        }
    }

    [Fact]
    public async Task Who_changes_what_a_colleague_has_changed_meanwhile_is_told_and_may_insist()
    {
        var (app, ada) = await Begin();
        using (ada)
        {
            var (tokens, mail) = (await ada.Open(Page(app), "settings"), await ada.Open(Page(app, "messages"), "settings"));
            (await Set(app, "userJWTExpiration=48", "smtpPassword=theirs")).ShouldSucceed();
            var told = await ada.Send(Page(app), tokens, ("userJWTExpiration", "12"), ("accessTokenExpiration", "100"));
            told.Text("#field-userJWTExpiration-error").ShouldContain("Somebody else changed this, to 48");
            (await Shown(app, "userJWTExpiration"), await Shown(app, "accessTokenExpiration")).ShouldBe(("48", "720"));
            told.Document.QuerySelector("#field-userJWTExpiration")!.GetAttribute("value").ShouldBe("12");
            var seen = told.Document.QuerySelector("input[name=seen-userJWTExpiration]")!.GetAttribute("value")!;
            (await ada.Send(Page(app), tokens, ("userJWTExpiration", "12"), ("seen-userJWTExpiration", seen))).Status.ShouldBe(
                HttpStatusCode.SeeOther
            );
            (await Shown(app, "userJWTExpiration")).ShouldBe("12");

            var secret = await ada.Send(Page(app, "messages"), mail, ("smtpPassword", "mine"));
            secret.Text("#field-smtpPassword-error").ShouldContain("Somebody else changed this. Save again");
            (await ada.Send(Page(app, "messages"), mail, ("smtpPassword", "mine"), ("seen-smtpPassword", "(set)"))).Status.ShouldBe(
                HttpStatusCode.SeeOther
            );
        }
    }

    private async Task<(App App, PortalVisitor Ada)> Begin()
    {
        var app = await servers.Main.CreateApp();
        return (app, await PortalVisitor.Member(app, "editor"));
    }

    private static Task<CommandResult> Set(App app, params string[] settings) => app.Installation.Run(["app", "set", app.Id, .. settings]);

    private static async Task<string> Shown(App app, string setting) =>
        (await app.Installation.Run("app", "show", app.Id, "--json")).ShouldSucceed().Json.GetProperty(setting).ToString();

    private static string Page(App app, string page = "tokens") => $"/portal/applications/{app.Id}/settings/{page}";

    /// <summary>The log's lines about settings, oldest first.</summary>
    private static async Task<string> Lines(App app) =>
        await app.Installation.Query<string?>(
            $"SELECT {(Engine.IsPostgres ? "string_agg" : "group_concat")}(detail, '|') FROM (SELECT detail FROM audit WHERE app_id = @Id AND action = 'changeSettings' ORDER BY at, id) lines",
            new { app.Id }
        ) ?? "";
}
