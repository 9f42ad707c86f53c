using System.Net;

namespace Latchkey.Tests.Tenancy;

/// <summary>Reading changes nothing, and no form is taken without its token or from another site: security.md row 34.</summary>
public sealed class AntiforgeryTests(ServerFixture servers)
{
    [Fact]
    public async Task Opening_every_page_changes_nothing()
    {
        var server = await servers.Unlimited();
        var tenant = await Tenant.Create(server);
        var admin = await (await PortalAccount.Create(server, "operator", isOperator: true)).SignIn();
        var before = await DatabaseSnapshot.OfApplication(server.Installation, tenant.App.Id);
        var opened = 0;
        foreach (var route in MappedRoutes.All.Where(route => route.Method == "GET" && route.IsPortal))
        {
            foreach (var visitor in new[] { tenant.Owner, admin, new PortalClient(server) })
            {
                var reply = await visitor.Get(PortalForms.Path(route, tenant.Ids));
                ((int)reply.Status).ShouldBeLessThan(500, route.Pattern);
                opened++;
            }
        }

        (await DatabaseSnapshot.OfApplication(server.Installation, tenant.App.Id)).ShouldBe(before);
        (await tenant.Owner.IsSignedIn()).ShouldBeTrue();
        TestScale.RecordFigure(34, $"{opened} pages opened, 0 rows changed");
    }

    [Fact]
    public async Task Every_form_without_its_token_or_from_another_site_is_refused()
    {
        var server = await servers.Unlimited();
        var tenant = await Tenant.Create(server);
        var admin = await (await PortalAccount.Create(server, "operator", isOperator: true)).SignIn();
        var before = await DatabaseSnapshot.OfApplication(server.Installation, tenant.App.Id);
        var (forms, forged) = (0, 0);
        foreach (var route in MappedRoutes.All.Where(route => route.Method == "GET" && route.IsPortal))
        {
            var path = PortalForms.Path(route, tenant.Ids);
            foreach (var form in await PortalForms.ReadForms(admin, path))
            {
                var bare = form.Where(field => field.Key != PortalForms.Token).ToDictionary(StringComparer.Ordinal);
                await Refused(admin, bare, null);
                await Refused(admin, new(bare, StringComparer.Ordinal) { [PortalForms.Token] = "djEu" }, null);
                await Refused(admin, form, "https://evil.example");
                await Refused(admin, form, "null");
                await Refused(tenant.Owner, form, null); // another visitor's token
                forms++;
            }

            async Task Refused(PortalClient visitor, Dictionary<string, string> form, string? origin)
            {
                visitor.Origin = origin;
                var reply = await visitor.Send(path, form);
                visitor.Origin = null;
                reply.Status.ShouldBeOneOf(
                    HttpStatusCode.BadRequest,
                    visitor == tenant.Owner ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest
                );
                forged++;
            }
        }

        forms.ShouldBeGreaterThan(60);
        (await admin.Send("/portal/sign-out", new Dictionary<string, string>())).Status.ShouldBe(HttpStatusCode.BadRequest);
        DatabaseSnapshot.WithoutRefusedForms(await DatabaseSnapshot.OfApplication(server.Installation, tenant.App.Id)).ShouldBe(before);
        (await admin.IsSignedIn()).ShouldBeTrue();
        TestScale.RecordFigure(34, $"{forms} forms, sent {forged} times without a token of their own or from another site, 0 taken");
    }

    [Fact]
    public async Task So_is_every_form_behind_a_mailed_link_or_half_a_sign_in()
    {
        var server = await servers.Unlimited();
        var account = await PortalAccount.Create(server);
        var browser = await account.SignIn();
        var (authenticator, _) = await account.EnableSecondFactor(browser);
        await account.ResetTotpSteps();
        var halfway = await account.SignIn();
        await IsTaken(halfway, "/portal/sign-in/code", ("code", authenticator.Code()));
        (await halfway.IsSignedIn()).ShouldBeTrue();

        var address = PortalAccount.UniqueEmail("new");
        await halfway.Post("/portal/account/email", "email", ("email", address));
        await IsTaken(halfway, await PortalAccount.LastLinkTo(server, address));

        await new PortalClient(server).Post("/portal/forgot", "forgot", ("email", address));
        await IsTaken(
            new PortalClient(server),
            await PortalAccount.LastLinkTo(server, address),
            ("password", "another long portal password")
        );

        var app = await server.CreateApp();
        var owner = await (await (await PortalAccount.Create(server)).AddAsMember(app.Id, "owner")).SignIn();
        var (guest, known) = (PortalAccount.UniqueEmail("guest"), await PortalAccount.Create(server));
        await owner.Post($"/portal/applications/{app.Id}/members", "invite", ("email", guest), ("role", "viewer"));
        await IsTaken(
            new PortalClient(server),
            await PortalAccount.LastLinkTo(server, guest),
            ("name", "Guest"),
            ("password", PortalAccount.Password)
        );
        await owner.Post($"/portal/applications/{app.Id}/members", "invite", ("email", known.Email), ("role", "viewer"));
        await IsTaken(await known.SignIn(), await PortalAccount.LastLinkTo(server, known.Email));
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM members WHERE app_id = @Id", new { app.Id })).ShouldBe(3);
        TestScale.RecordFigure(
            34,
            "5 forms behind mailed links and half a sign-in, sent 20 times without a token of their own or from another site: 0 "
                + "taken, and each once in good faith"
        );

        static async Task IsTaken(PortalClient visitor, string path, params (string Name, string Value)[] fields) =>
            (await visitor.Send(path, await PortalForms.ReadHarmlessFields(visitor, path), fields)).Status.ShouldBe(
                HttpStatusCode.SeeOther,
                path
            );
    }
}
