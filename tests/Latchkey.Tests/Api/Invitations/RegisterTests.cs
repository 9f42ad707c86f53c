namespace Latchkey.Tests.Api.Invitations;

/// <summary>register: becoming a user with an invitation's code.</summary>
public sealed class RegisterTests(ServerFixture servers)
{
    private const string Fields = """metaData=[{"path":"user_data.name","fieldName":"name","required":true}]""";
    private const string InviteFields = """metaDataInvite=[{"path":"invite_data.coupon","fieldName":"coupon"}]""";
    private const string Kim = "kim@example.com";

    [Fact]
    public async Task An_invited_person_registers_and_the_invitations_values_stand_in_the_jwt_only()
    {
        var app = await Invited(Fields, InviteFields);
        var kim = app.ParseTokens(
            await app.Register(
                Kim,
                await app.LastCodeFor(Kim),
                metaData: """{"user_data":{"name":" Kim "},"invite_data":{"coupon":"STOLEN"}}"""
            )
        );
        kim.Claims.GetProperty("user_data").GetProperty("name").GetString().ShouldBe("Kim");
        kim.Claims.GetProperty("invite_data").GetProperty("coupon").GetString().ShouldBe("C1");
        kim.Claims.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        (await kim.GetUser()).GetProperty("metaData").ToString().ShouldBe("""{"user_data":{"name":"Kim"}}""");
        (await app.MailKinds(Kim)).ShouldBe(["invite", "signUpSuccess"]);
        (await app.Login(Kim)).Claims.GetProperty("invite_data").GetProperty("coupon").GetString().ShouldBe("C1");
    }

    [Fact]
    public async Task Editing_the_own_metadata_leaves_the_invitations()
    {
        var app = await Invited(Fields, InviteFields);
        var kim = app.ParseTokens(await app.Register(Kim, await app.LastCodeFor(Kim), metaData: """{"user_data":{"name":"Kim"}}"""));
        (
            await kim.Post("setUserMetadata", new { metaData = """{"user_data":{"name":"Kimberly"},"invite_data":{"coupon":"STOLEN"}}""" })
        ).ShouldBeTrue();
        var again = await app.Login(Kim);
        again.Claims.GetProperty("user_data").GetProperty("name").GetString().ShouldBe("Kimberly");
        again.Claims.GetProperty("invite_data").GetProperty("coupon").GetString().ShouldBe("C1");
    }

    [Fact]
    public async Task Required_metadata_is_asked_for_and_nothing_is_used_up_before_it_is_there()
    {
        var app = await Invited(Fields);
        var code = await app.LastCodeFor(Kim);
        (await app.Register(Kim, code)).ShouldFailWith(604);
        (await app.Register(Kim, code, metaData: """{"user_data":{"name":7}}""")).ShouldFailWith(604);
        (await app.Register(Kim, code, metaData: "{bad")).ShouldFailWith(602);
        (await app.Register(Kim, code, metaData: """{"user_data":{"name":"Kim"}}""", locale: "FR")).ShouldFailWith(602);
        (await app.Register(Kim, code, password: "short", metaData: """{"user_data":{"name":"Kim"}}""")).ShouldFailWith(702);
        app.ParseTokens(await app.Register(Kim, code, metaData: """{"user_data":{"name":"Kim"}}"""));
    }

    [Fact]
    public async Task A_wrong_code_or_another_handle_is_refused()
    {
        var app = await Invited();
        var code = await app.LastCodeFor(Kim);
        (await app.Register(Kim, App.WrongCodeFor(code))).ShouldFailWith(602);
        (await app.Register("lou@example.com", code)).ShouldFailWith(602);
        (await app.Register(Kim, "abcdef")).ShouldFailWith(602);
        (await app.Register(Kim, $"{code}0")).ShouldFailWith(602);
        (await app.CountUsers(Kim)).ShouldBe(0);
    }

    [Fact]
    public async Task A_used_code_is_named_as_such_only_to_who_has_it()
    {
        var app = await Invited();
        var code = await app.LastCodeFor(Kim);
        app.ParseTokens(await app.Register(Kim, code));
        (await app.Register(Kim, code)).ShouldFailWith(601);
        (await app.Register(Kim, App.WrongCodeFor(code))).ShouldFailWith(602);
    }

    [Fact]
    public async Task Inviting_again_leaves_the_older_code_good_until_one_of_them_is_used()
    {
        var app = await Invited();
        var first = await app.LastCodeFor(Kim);
        (await app.InviteByServer(Kim)).ShouldBeTrue();
        var second = await app.LastCodeFor(Kim);
        second.ShouldNotBe(first);
        app.ParseTokens(await app.Register(Kim, first));
        (await app.Register(Kim, second)).ShouldFailWith(601);
    }

    [Fact]
    public async Task An_invitation_is_pending_until_it_is_active_and_ends_the_others()
    {
        var app = await Invited();
        (await app.InviteByServer(Kim)).ShouldBeTrue();
        (await Statuses(app)).ShouldBe(["pending", "pending"]);
        app.ParseTokens(await app.Register(Kim, await app.LastCodeFor(Kim)));
        (await Statuses(app)).ShouldBe(["superseded", "active"]);
    }

    [Fact]
    public async Task Each_invitation_brings_its_own_values()
    {
        var app = await Invited(InviteFields);
        var first = await app.LastCodeFor(Kim);
        (await app.InviteByServer(Kim, """{"invite_data":{"coupon":"C2"}}""")).ShouldBeTrue();
        app.ParseTokens(await app.Register(Kim, first)).Claims.GetProperty("invite_data").GetProperty("coupon").GetString().ShouldBe("C1");
    }

    [Fact]
    public async Task An_expired_invitation_is_refused()
    {
        var app = await Invited();
        await app.Installation.Execute(
            "UPDATE invitations SET expires_at = @at WHERE app_id = @id",
            new { at = AppFlows.FromNow(seconds: -1), id = app.Id }
        );
        (await app.Register(Kim, await app.LastCodeFor(Kim))).ShouldFailWith(602);
    }

    [Fact]
    public async Task It_works_while_signup_is_off()
    {
        var app = await Invited("signupEnabled=0");
        (await app.Signup(Kim)).ShouldFailWith(407);
        app.ParseTokens(await app.Register(Kim, await app.LastCodeFor(Kim)));
    }

    [Fact]
    public async Task A_person_who_signed_up_meanwhile_is_registered_already()
    {
        var app = await Invited();
        var code = await app.LastCodeFor(Kim);
        var kim = await app.CreateUserByCode(Kim);
        (await app.Register(Kim, code, "quite another horse")).ShouldFailWith(601);
        (await kim.IsSignedIn()).ShouldBeTrue();
        await app.Login(Kim);
    }

    [Fact]
    public async Task An_anonymous_user_registers_and_keeps_its_id_its_name_and_its_values()
    {
        var app = await Invited(
            "anonymousLoginEnabled=1",
            "userNamesEnabled=1",
            InviteFields,
            """metaData=[{"path":"color","fieldName":"color"},{"path":"size","fieldName":"size"}]"""
        );
        var nobody = await app.LoginAnonymous("ANON_kim");
        (await nobody.Post("setUserName", new { userName = "kimmy" })).ShouldBeTrue();
        (await nobody.Post("setUserMetadata", new { metaData = """{"color":"red","size":"L"}""" })).ShouldBeTrue();
        var kim = app.ParseTokens(await app.Register(Kim, await app.LastCodeFor(Kim), metaData: """{"size":"M"}""", upgrading: nobody));
        kim.Id().ShouldBe(nobody.Id());
        var user = await kim.GetUser();
        user.GetProperty("handle").GetString().ShouldBe(Kim);
        user.GetProperty("userName").GetString().ShouldBe("kimmy");
        user.GetProperty("metaData").ToString().ShouldBe("""{"color":"red","size":"M"}""");
        kim.Claims.GetProperty("invite_data").GetProperty("coupon").GetString().ShouldBe("C1");
        (await nobody.TryGetUser()).ShouldFailWith(405);
        (await app.LoginAnonymous("ANON_kim")).Id().ShouldNotBe(nobody.Id());
    }

    [Fact]
    public async Task Only_a_live_anonymous_user_of_the_application_upgrades()
    {
        var app = await Invited("anonymousLoginEnabled=1", "signupFlow=none");
        var other = await app.Server.CreateApp("anonymousLoginEnabled=1");
        var code = await app.LastCodeFor(Kim);
        (await app.Register(Kim, code, upgrading: await app.CreateUser("ivy@example.com"))).ShouldFailWith(405);
        (await app.Register(Kim, code, upgrading: await other.LoginAnonymous("ANON_1"))).ShouldFailWith(405);
        app.ParseTokens(await app.Register(Kim, code, upgrading: await app.LoginAnonymous("ANON_1")));
    }

    [Fact]
    public async Task The_maximum_number_of_users_holds_and_uses_no_code_up()
    {
        var app = await Invited("maxUsers=1", "signupFlow=none");
        var ivy = await app.CreateUser("ivy@example.com");
        var code = await app.LastCodeFor(Kim);
        (await app.Register(Kim, code)).ShouldFailWith(704);
        (await ivy.Post("deleteAccount", new { handle = "ivy@example.com", password = App.Password })).ShouldBeTrue();
        app.ParseTokens(await app.Register(Kim, code));
    }

    private async Task<App> Invited(params string[] settings)
    {
        var app = await (await servers.Unlimited()).CreateApp(settings);
        (await app.InviteByServer(Kim, """{"invite_data":{"coupon":"C1"}}""")).ShouldBeTrue();
        return app;
    }

    private static async Task<string[]> Statuses(App app) =>
        (
            await app.Installation.Query<string>(
                $"SELECT {(Engine.IsPostgres ? "STRING_AGG(status, ',' ORDER BY created_at, id)" : "(SELECT GROUP_CONCAT(status, ',') FROM (SELECT status FROM invitations WHERE app_id = @id ORDER BY created_at, id))")} FROM invitations WHERE app_id = @id LIMIT 1",
                new { id = app.Id }
            )
        ).Split(',');
}
