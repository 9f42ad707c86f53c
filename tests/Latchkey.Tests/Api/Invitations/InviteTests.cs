namespace Latchkey.Tests.Api.Invitations;

/// <summary>invite: a code to the invited address, asked for by a user or by a server.</summary>
public sealed class InviteTests(ServerFixture servers)
{
    private const string InviteFields =
        """metaDataInvite=[{"path":"invite_data.coupon","fieldName":"coupon","required":true},{"path":"invite_data.plan","fieldName":"plan","serversOnly":true}]""";

    [Fact]
    public async Task A_user_invites_and_the_mail_goes_to_the_invited_address_only()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var ivy = await app.CreateUser("ivy@example.com");
        (await ivy.Invite(" KIM@Example.com ")).ShouldBeTrue();
        var mail = (await app.AllMails()).Single(mail => mail.Kind == "invite");
        mail.To.ShouldBe("kim@example.com");
        mail.Text.ShouldContain(mail.Code!);
        mail.Code!.Length.ShouldBe(6);
    }

    [Theory]
    [InlineData("/api/appuser/invite")]
    [InlineData("/api/server/invite")]
    public async Task A_server_invites_with_its_secret_and_needs_no_sender(string path)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var request = app.Server.Request(HttpMethod.Post, path, ("app-secret", app.Secret));
        request.Content = System.Net.Http.Json.JsonContent.Create(new { handle = "kim@example.com" });
        (await app.Server.Send(request)).ShouldBeTrue();
        (await app.MailKinds("kim@example.com")).ShouldBe(["invite"]);
    }

    [Fact]
    public async Task A_user_must_say_who_sends()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var ivy = await app.CreateUser("ivy@example.com");
        (await ivy.Post("invite", new { handle = "kim@example.com" })).ShouldFailWith(403);
        (await ivy.Post("invite", new { senderUserId = "U1" })).ShouldFailWith(403);
    }

    [Fact]
    public async Task A_wrong_secret_invites_nobody()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.SendAsServer(HttpMethod.Post, "invite", new { handle = "kim@example.com" }, secret: "wrong")).ShouldFailWith(400);
        (await app.AllMails()).ShouldBeEmpty();
    }

    [Fact]
    [Covers(604)]
    public async Task A_required_invite_field_is_asked_of_users_and_servers_alike()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", InviteFields);
        var ivy = await app.CreateUser("ivy@example.com");
        (await ivy.Invite("kim@example.com")).ShouldFailWith(604);
        (await ivy.Invite("kim@example.com", """{"invite_data":{"coupon":" "}}""")).ShouldFailWith(604);
        (await ivy.Invite("kim@example.com", "{bad")).ShouldFailWith(604);
        (await app.InviteByServer("kim@example.com")).ShouldFailWith(604);
        (await app.AllMails()).ShouldNotContain(mail => mail.Kind == "invite");
    }

    [Fact]
    public async Task A_field_for_servers_only_is_dropped_from_a_users_invitation()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", InviteFields);
        var ivy = await app.CreateUser("ivy@example.com");
        const string both = """{"invite_data":{"coupon":"C1","plan":"gold"}}""";
        (await ivy.Invite("kim@example.com", both)).ShouldBeTrue();
        (await app.InviteByServer("lou@example.com", both)).ShouldBeTrue();
        var kim = app.ParseTokens(await app.Register("kim@example.com", await app.LastCodeFor("kim@example.com")));
        var lou = app.ParseTokens(await app.Register("lou@example.com", await app.LastCodeFor("lou@example.com")));
        kim.Claims.GetProperty("invite_data").ToString().ShouldBe("""{"coupon":"C1"}""");
        lou.Claims.GetProperty("invite_data").ToString().ShouldBe("""{"coupon":"C1","plan":"gold"}""");
    }

    [Theory]
    [InlineData("kim")]
    [InlineData("kim@")]
    [InlineData("kim@example.com, lou@example.com")]
    [InlineData("ANON_1")]
    public async Task Only_an_address_can_be_invited(string handle)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.InviteByServer(handle)).ShouldFailWith(602);
        (await app.AllMails()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_user_cannot_be_invited()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var ivy = await app.CreateUser("ivy@example.com");
        (await ivy.Invite("ivy@example.com")).ShouldFailWith(601);
        (await app.InviteByServer("ivy@example.com")).ShouldFailWith(601);
    }

    [Fact]
    public async Task An_application_that_hides_accounts_answers_alike_and_mails_only_strangers()
    {
        var app = await (await servers.Unlimited()).CreateApp("hideAccountExistence=1");
        var ivy = await app.CreateUserByCode("ivy@example.com");
        var known = await app.InviteByServer("ivy@example.com");
        var unknown = await app.InviteByServer("kim@example.com");
        known.ShouldBeTrue();
        unknown.ShouldBeTrue();
        (await ivy.Invite("ivy@example.com")).ShouldBeTrue();
        (await app.MailKinds("ivy@example.com")).ShouldNotContain("invite");
        (await app.MailKinds("kim@example.com")).ShouldBe(["invite"]);
    }

    [Fact]
    public async Task Anonymous_users_cannot_invite()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1");
        var nobody = await app.LoginAnonymous("ANON_1");
        (await nobody.Invite("kim@example.com")).ShouldFailWith(602);
        (await app.AllMails()).ShouldBeEmpty();
    }

    [Fact]
    [Covers(406)]
    public async Task The_switch_binds_users_and_servers()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var ivy = await app.CreateUser("ivy@example.com");
        (await app.InviteByServer("kim@example.com")).ShouldBeTrue();
        var code = await app.LastCodeFor("kim@example.com");
        await app.Set("invitationEnabled=0");
        (await ivy.Invite("lou@example.com")).ShouldFailWith(406);
        (await app.InviteByServer("lou@example.com")).ShouldFailWith(406);
        (await app.Register("kim@example.com", code)).ShouldFailWith(406);
        await app.Set("invitationEnabled=1");
        app.ParseTokens(await app.Register("kim@example.com", code));
    }

    [Fact]
    public async Task The_mail_is_in_the_locale_asked_for_or_else_the_inviters()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "locales=EN,DE,FR");
        var ivy = app.ParseTokens(await app.Signup("ivy@example.com", locale: "DE"));
        (await ivy.Invite("kim@example.com")).ShouldBeTrue();
        (await ivy.Invite("lou@example.com", locale: "fr")).ShouldBeTrue();
        (await ivy.Invite("max@example.com", locale: "ES")).ShouldFailWith(602);
        (await app.Mails("kim@example.com")).Single().Html.ShouldContain("lang=\"de\"");
        (await app.Mails("lou@example.com")).Single().Html.ShouldContain("lang=\"fr\"");
        var kim = app.ParseTokens(await app.Register("kim@example.com", await app.LastCodeFor("kim@example.com")));
        (await kim.GetUser()).GetProperty("locale").GetString().ShouldBe("DE");
    }

    [Fact]
    public async Task One_address_gets_one_invitation_a_minute()
    {
        var app = await servers.Main.CreateApp();
        (await app.InviteByServer("kim@example.com")).ShouldBeTrue();
        (await app.InviteByServer("Kim@EXAMPLE.com")).ShouldBeRateLimited();
        (await app.Mails("kim@example.com")).Count.ShouldBe(1);
        (await app.InviteByServer("lou@example.com")).ShouldBeTrue();
    }
}
