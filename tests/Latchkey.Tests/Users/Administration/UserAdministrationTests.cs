using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Passwords;

namespace Latchkey.Tests.Users.Administration;

/// <summary>What the portal does with one user.</summary>
public sealed class UserAdministrationTests(ServerFixture servers)
{
    private const string Fields =
        """metaData=[{"path":"user_data.name","fieldName":"name","required":1},{"path":"plan","fieldName":"plan","canEdit":0}]""";
    private const string Ada = "ada@example.com";
    private static readonly Actor Developer = new("dev@example.com", "127.0.0.1");

    [Fact]
    public async Task Metadata_is_edited_by_field_and_a_change_by_somebody_else_is_not_lost()
    {
        var (app, user) = await WithAda();
        var (application, editing) = (await Application(app), await app.Installation.Get<UserMetadata>());
        var seen = UserMetadata.ConcurrencyToken(user);
        (
            await editing.Edit(application, user, """{"user_data":{"name":"Countess"},"plan":"gold"}""", seen, Developer)
        ).Succeeded.ShouldBeTrue();
        var after = await Find(app);
        Metadata
            .Read(after.Metadata)
            .ShouldBe(new Dictionary<string, string> { ["user_data.name"] = "Countess", ["plan"] = "gold" }, ignoreOrder: true);

        (await editing.Edit(application, after, """{"user_data":{"name":"Lost"}}""", seen, Developer)).Error!.Message.ShouldContain(
            "Somebody else"
        );
        (await editing.Edit(application, user, """{"user_data":{"name":"Lost"}}""", seen, Developer)).Error!.Message.ShouldContain(
            "Somebody else"
        ); // also when the other was faster by a moment
        (await Find(app)).Metadata.ShouldBe(after.Metadata);
    }

    [Theory]
    [InlineData("{", 604)]
    [InlineData("[]", 604)]
    [InlineData("{}", 604)]
    [InlineData("""{"user_data":{"name":"  "}}""", 604)]
    [InlineData("""{"user_data":{"name":["x"]}}""", 604)]
    [InlineData("""{"user_data":{"name":"x"},"unknown":"y"}""", 604)]
    [InlineData("""{"user_data":{"name":"x","name":"y"}}""", 604)]
    public async Task Metadata_that_does_not_fit_changes_nothing(string json, int code)
    {
        var (app, user) = await WithAda();
        var editing = await app.Installation.Get<UserMetadata>();
        (await editing.Edit(await Application(app), user, json, UserMetadata.ConcurrencyToken(user), Developer)).Error!.Code.ShouldBe(code);
        (await Find(app)).Metadata.ShouldBe(user.Metadata);
    }

    [Fact]
    public async Task Values_of_a_deleted_field_stay_stored_when_the_others_are_edited()
    {
        var (app, _) = await WithAda();
        await app.Set("""metaData=[{"path":"plan","fieldName":"plan"}]""");
        var (user, editing) = (await Find(app), await app.Installation.Get<UserMetadata>());
        (
            await editing.Edit(await Application(app), user, """{"plan":"silver"}""", UserMetadata.ConcurrencyToken(user), Developer)
        ).Succeeded.ShouldBeTrue();
        Metadata
            .Read((await Find(app)).Metadata)
            .ShouldBe(new Dictionary<string, string> { ["user_data.name"] = "Ada", ["plan"] = "silver" }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bob@example.com")]
    public async Task Nobody_is_deleted_whose_handle_was_not_typed(string typed)
    {
        var (app, user) = await WithAda();
        using var editor = await PortalVisitor.Member(app, "editor");
        var page = $"/portal/applications/{app.Id}/users/{user.Id}/delete";
        (await editor.Submit(page, "delete", ("handle", typed))).Text("#field-handle-error").ShouldContain("Nothing was deleted");
        (await Find(app)).Id.ShouldBe(user.Id);
        (await editor.Submit(page, "delete", ("handle", " ADA@example.com"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await editor.Get(page)).Status.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_anonymous_user_is_deleted_without_its_handle_which_is_its_credential()
    {
        var app = await servers.Main.CreateApp("anonymousLoginEnabled=1");
        await app.LoginAnonymous("ANON_passer-by");
        using var editor = await PortalVisitor.Member(app, "editor");
        var id = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id });
        (await editor.Submit($"/portal/applications/{app.Id}/users/{id}/delete", "delete")).Location.ShouldEndWith(
            "/users/anonymous?done=deleted"
        );
    }

    [Fact]
    public async Task One_session_is_ended_and_the_others_stay()
    {
        var (app, user) = await WithAda();
        var (first, second) = (await app.Login(Ada), await app.Login(Ada));
        var sessions = await app.Installation.Get<UserSessions>();
        var live = (await sessions.ListAll(user)).Live;
        live.Count.ShouldBe(3); // signing up opened one
        (await sessions.End(user, live[0].PublicId, Developer)).Succeeded.ShouldBeTrue();
        (await second.IsSignedIn()).ShouldBeFalse();
        (await first.IsSignedIn()).ShouldBeTrue();
        (await sessions.End(user, live[0].PublicId, Developer)).Succeeded.ShouldBeFalse();
        (await sessions.End(user, "all", Developer)).Succeeded.ShouldBeFalse();
        (await (await app.Installation.Get<UserAdministration>()).SignOut(user, Developer)).Succeeded.ShouldBeTrue();
        (await first.IsSignedIn()).ShouldBeFalse();
        (await LogOf(app, "signOutUser")).ShouldBe(1);
        (await LogOf(app, "endSession")).ShouldBe(1);
    }

    [Fact]
    public async Task A_user_who_locked_itself_out_is_unlocked()
    {
        var (app, user) = await WithAda("maxLoginAttempts=2");
        await app.TryLogin(Ada, "wrong password 1");
        await app.TryLogin(Ada, "wrong password 2");
        (await app.TryLogin(Ada)).Code.ShouldNotBeNull();
        (await (await app.Installation.Get<UserAdministration>()).Unlock(user, Developer)).Succeeded.ShouldBeTrue();
        (await app.TryLogin(Ada)).ShouldBeOk();
        (await LogOf(app, "unlockUser")).ShouldBe(1);
    }

    [Fact]
    public async Task Whose_second_factor_is_reset_is_not_kept_out_by_earlier_wrong_codes()
    {
        var (app, user) = await WithAda("twoFactorVerification=google");
        await (await app.Login(Ada)).EnableAuthenticator();
        await app.Installation.Execute("UPDATE users SET failed_codes = 50 WHERE app_id = @Id", new { app.Id });
        (await app.TryLogin(Ada)).Code.ShouldNotBeNull();
        (await (await app.Installation.Get<UserSecondFactors>()).Reset(await Application(app), user, Developer)).Succeeded.ShouldBeTrue();
        await app.Login(Ada);
        (await LogOf(app, "resetSecondFactor")).ShouldBe(1);
    }

    [Fact]
    public async Task A_reset_code_is_mailed_once_a_minute_and_the_newest_counts()
    {
        var (app, user) = await WithAda();
        var (application, passwords) = (await Application(app), await app.Installation.Get<UserPasswords>());
        (await passwords.SendResetCode(application, user, Developer)).Succeeded.ShouldBeTrue();
        (await passwords.SendResetCode(application, user, Developer)).Error!.Code.ShouldBe(700);
        (
            await app.Post(
                "resetPassword",
                new
                {
                    handle = Ada,
                    password = "a whole new password",
                    code = await app.LastCodeFor(Ada),
                }
            )
        ).ShouldBeOk();
        (await app.TryLogin(Ada, "a whole new password")).ShouldBeOk();
    }

    [Fact]
    public async Task A_password_typed_by_a_developer_works_in_apps_that_send_its_MD5()
    {
        var (app, user) = await WithAda("passwordFormat=md5");
        var application = await Application(app);
        var typed = PasswordPolicy.FromTyped(application.Settings, new RawPassword("typed by a developer"));
        (await (await app.Installation.Get<UserPasswords>()).Set(application, user, typed.Value, Developer)).Succeeded.ShouldBeTrue();
        (await app.TryLogin(Ada, "de83c0bfcd02f0434ed7665c511d6322")).ShouldBeOk();
        PasswordPolicy.FromTyped(application.Settings, new RawPassword("short")).Error!.Code.ShouldBe(702);
    }

    private async Task<(App App, User User)> WithAda(params string[] more)
    {
        var app = await (await servers.Unlimited()).CreateApp(["signupFlow=none", Fields, .. more]);
        (
            await app.Signup(
                Ada,
                more.Contains("passwordFormat=md5") ? "0123456789abcdef0123456789abcdee" : App.Password,
                """{"user_data":{"name":"Ada"}}"""
            )
        ).ShouldBeOk();
        return (app, await Find(app));
    }

    private static async Task<User> Find(App app) =>
        (await (await app.Installation.Get<UserAdministration>()).Find(app.Id, Ada)).ShouldNotBeNull();

    private static async Task<Application> Application(App app) =>
        (await (await app.Installation.Get<ApplicationCache>()).Find(app.Id)).ShouldNotBeNull();

    private static Task<long> LogOf(App app, string action) =>
        app.Installation.Query<long>(
            "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = @action AND actor = @Name",
            new
            {
                app.Id,
                action,
                Developer.Name,
            }
        );
}
