using System.Net;

namespace Latchkey.Tests.Tenancy;

/// <summary>
/// Every page and form of the portal, asked by the owner of one application with the ids of another: security.md rows 30 and 39.
/// The routes come from the product; one with a parameter that nobody filled yet fails the test.
/// </summary>
public sealed class CrossTenantPortalTests(ServerFixture servers) : IAsyncLifetime
{
    private ServerProcess server = null!;
    private Tenant victim = null!;
    private Tenant stranger = null!;

    private static IEnumerable<MappedRoute> Pages =>
        MappedRoutes.All.Where(route => route.Method == "GET" && PortalForms.IsOfTenant(route));

    public async ValueTask InitializeAsync()
    {
        server = await servers.Unlimited();
        (victim, stranger) = (await Tenant.Create(server), await Tenant.Create(server));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task No_page_shows_another_applications_things_whatever_ids_stand_in_its_address()
    {
        var (before, opened) = (await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id), 0);
        Pages.Count().ShouldBeGreaterThan(50);
        foreach (var route in Pages)
        {
            var theirs = await victim.Owner.Get(PortalForms.Path(route, victim.Ids));
            var isTheirs = theirs.Status is HttpStatusCode.OK; // operators' pages and exports of another kind are nobody's
            foreach (var path in ForeignPaths(route))
            {
                foreach (
                    var query in new[]
                    {
                        "",
                        $"?after={victim.Cursor}&before={victim.Cursor}&search={victim.Mark}&status=active&sort=-created&page=2&path=note&locale=EN",
                    }
                )
                {
                    var reply = await stranger.Owner.Get(path + query);
                    reply.Status.ShouldBe(HttpStatusCode.NotFound, $"{path}{query} {reply.Text}");
                    Told(reply, path);
                    opened++;
                }
            }

            var own = await stranger.Owner.Get(
                $"{PortalForms.Path(route, stranger.Ids)}?after={victim.Cursor}&before={victim.Cursor}&search={victim.Mark}"
            );
            ((int)own.Status).ShouldBeLessThan(500, route.Pattern);
            Told(own, route.Pattern);
            (own.Status == HttpStatusCode.NotFound).ShouldBe(!isTheirs && theirs.Status == HttpStatusCode.NotFound, route.Pattern);
        }

        (await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id)).ShouldBe(before);
        TestScale.RecordFigure(
            39,
            $"{Pages.Count()} addresses of the portal, opened {opened} times with another application's ids: 404, nothing told, 0 "
                + "rows changed"
        );
    }

    [Fact]
    public async Task No_form_changes_another_applications_things_whatever_ids_stand_in_it()
    {
        var (before, sent, exchanged) = (await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id), 0, 0);
        foreach (var route in Pages)
        {
            foreach (var form in await PortalForms.ReadForms(stranger.Owner, PortalForms.Path(route, stranger.Ids)))
            {
                var foreign = form.ToDictionary(
                    field => field.Key,
                    field => field.Key == PortalForms.Token ? field.Value : Exchanged(field.Value),
                    StringComparer.Ordinal
                );
                foreach (var path in ForeignPaths(route))
                {
                    var reply = await stranger.Owner.Send(path, foreign);
                    reply.Status.ShouldBeOneOf(
                        HttpStatusCode.NotFound,
                        path.Contains(victim.App.Id, StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest
                    ); // a page that is not there has no such form
                    Told(reply, path);
                    sent++;
                }

                if (!foreign.SequenceEqual(form))
                {
                    var reply = await stranger.Owner.Send(PortalForms.Path(route, stranger.Ids), foreign);
                    ((int)reply.Status).ShouldBeLessThan(500, $"{route} {form["_handler"]}");
                    Told(reply, route.Pattern);
                    exchanged++;
                }
            }
        }

        sent.ShouldBeGreaterThan(40);
        exchanged.ShouldBeGreaterThan(2);
        (await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id)).ShouldBe(before);
        TestScale.RecordFigure(
            39,
            $"{sent} forms sent to another application's addresses and {exchanged} with its ids inside: 0 rows changed"
        );
    }

    /// <summary>The victim's address, and the stranger's own application with the victim's things below it.</summary>
    private IEnumerable<string> ForeignPaths(MappedRoute route)
    {
        yield return PortalForms.Path(route, victim.Ids);
        var mixed = PortalForms.Path(route, victim.Ids, stranger.App.Id);
        if (mixed != PortalForms.Path(route, stranger.Ids) && mixed != PortalForms.Path(route, victim.Ids))
        {
            yield return mixed;
        }
    }

    /// <summary>A field's value with each of the stranger's ids exchanged for the victim's of the same kind.</summary>
    private string Exchanged(string value) =>
        stranger
            .Ids.Where(id => id.Value.Length > 8)
            .Aggregate(value, (text, id) => text.Replace(id.Value, victim.Ids[id.Key], StringComparison.Ordinal));

    private void Told(Reply reply, string path) =>
        victim.SecretValues.ShouldAllBe(canary => !reply.Text.Contains(canary), $"{path} {reply.Text}");
}
