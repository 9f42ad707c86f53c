using Latchkey.Activity.Audit;
using Latchkey.Api.Invitations;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Data;
using Latchkey.Users.Registration;

namespace Latchkey.Tests.Api.Invitations;

/// <summary>What the portal does with invitations and signups that were made.</summary>
public sealed class InvitationAdministrationTests(ServerFixture servers)
{
    private const string Ivy = "ivy@example.com";
    private static readonly Actor Developer = new("dev@example.com", "127.0.0.1");

    [Fact]
    public async Task An_invitation_is_sent_again_with_a_new_code_that_ends_the_old_one()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var (invitation, administration) = await Invite(app);
        var old = await app.LastCodeFor(Ivy);
        (await administration.Resend(await Application(app), invitation, Developer)).Succeeded.ShouldBeTrue();
        var code = await app.LastCodeFor(Ivy);
        (await app.Mails(Ivy)).Count(mail => mail.Kind == "invite").ShouldBe(2);
        if (code != old)
        {
            (await Register(app, old)).Code.ShouldBe(602);
        }

        (await Register(app, code)).ShouldBeOk();
        var used = (await administration.Find(app.Id, invitation.Id))!;
        used.Status.ShouldBe(InvitationStatus.Active);
        (await administration.Resend(await Application(app), used, Developer)).Error!.Code.ShouldBe(602);
    }

    [Fact]
    public async Task One_address_gets_an_invitation_a_minute()
    {
        var app = await servers.Main.CreateApp();
        var (invitation, administration) = await Invite(app);
        (await administration.Resend(await Application(app), invitation, Developer)).Error!.Code.ShouldBe(700);
        (await app.Mails(Ivy)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_expired_invitation_lives_again_when_it_is_sent_again_and_not_before()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var (invitation, administration) = await Invite(app);
        await app.Installation.Execute("UPDATE invitations SET expires_at = 1 WHERE id = @Id", new { invitation.Id });
        administration.Status((await administration.Find(app.Id, invitation.Id))!).ShouldBe("expired");
        (await Register(app, await app.LastCodeFor(Ivy))).Code.ShouldBe(602);
        (await administration.Resend(await Application(app), invitation, Developer)).Succeeded.ShouldBeTrue();
        (await Register(app, await app.LastCodeFor(Ivy))).ShouldBeOk();
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_user_or_while_invitations_are_off()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var (invitation, administration) = await Invite(app);
        await app.CreateUser(Ivy);
        await app.Installation.Execute("UPDATE invitations SET status = 'pending' WHERE id = @Id", new { invitation.Id });
        (await administration.Resend(await Application(app), invitation, Developer)).Error!.Code.ShouldBe(601);
        await app.Set("invitationEnabled=0");
        (
            await administration.Resend(
                (await Application(app)) with
                {
                    Settings = new ApplicationSettings { InvitationEnabled = false },
                },
                invitation,
                Developer
            )
        ).Error!.Code.ShouldBe(406);
        (await app.Mails(Ivy)).Count(mail => mail.Kind == "invite").ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_invitation_and_a_deleted_signup_take_their_codes_with_them()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var (invitation, administration) = await Invite(app);
        (await administration.Delete(invitation, Developer)).Succeeded.ShouldBeTrue();
        (await administration.Delete(invitation, Developer)).Succeeded.ShouldBeFalse();
        (await Register(app, await app.LastCodeFor(Ivy))).Code.ShouldBe(602);

        (await app.Signup("sid@example.com")).ShouldBeTrue();
        var signups = await app.Installation.Get<SignupAdministration>();
        var signup = (await signups.Page(app.Id, "SID", new PageRequest("", "", 50))).Rows.Single();
        (await signups.Delete(signup, Developer)).Succeeded.ShouldBeTrue();
        (await app.Complete("sid@example.com", await app.LastCodeFor("sid@example.com"))).Code.ShouldNotBeNull();
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND actor = @Developer AND action IN ('deleteInvitation', 'deleteSignup')",
                new { app.Id, Developer = Developer.Name }
            )
        ).ShouldBe(2);
    }

    [Fact]
    public async Task Another_applications_invitation_and_signup_are_not_there()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var other = await app.Server.CreateApp();
        var (invitation, administration) = await Invite(app);
        await app.Signup("sid@example.com");
        var signups = await app.Installation.Get<SignupAdministration>();
        var signup = (await signups.Page(app.Id, "", new PageRequest("", "", 50))).Rows.Single();
        (await administration.Find(other.Id, invitation.Id)).ShouldBeNull();
        (await signups.Find(other.Id, signup.Id)).ShouldBeNull();
        (await administration.Page(other.Id, "ivy", new PageRequest("", "", 50))).Rows.ShouldBeEmpty();
        (await signups.Page(other.Id, "sid", new PageRequest("", "", 50))).Rows.ShouldBeEmpty();
        (await administration.Delete(invitation with { AppId = other.Id }, Developer)).Succeeded.ShouldBeFalse();
        (await signups.Delete(signup with { AppId = other.Id }, Developer)).Succeeded.ShouldBeFalse();
        (await administration.Find(app.Id, invitation.Id)).ShouldNotBeNull();
        (await signups.Find(app.Id, signup.Id)).ShouldNotBeNull();
    }

    private static async Task<(Invitation Invitation, InvitationAdministration Administration)> Invite(App app)
    {
        (await app.SendAsServer(HttpMethod.Post, "invite", new { handle = Ivy })).ShouldBeOk();
        var administration = await app.Installation.Get<InvitationAdministration>();
        return ((await administration.Page(app.Id, "Iv", new PageRequest("", "", 50))).Rows.Single(), administration);
    }

    private static Task<Reply> Register(App app, string code) =>
        app.Post(
            "register",
            new
            {
                handle = Ivy,
                password = App.Password,
                code,
            }
        );

    private static async Task<Application> Application(App app) =>
        (await (await app.Installation.Get<ApplicationCache>()).Find(app.Id)).ShouldNotBeNull();
}
