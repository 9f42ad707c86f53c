using Latchkey.Applications;
using Latchkey.Applications.Status;

namespace Latchkey.Tests.Applications;

/// <summary>Petitions for reinstatement, and their answers.</summary>
public sealed class PetitionTests(ServerFixture servers)
{
    private const string Reason = "mails that nobody asked for";
    private static readonly ChangeContext Developer = new(new("dev@example.com", "127.0.0.1"), Role.Owner);
    private static readonly ChangeContext Operator = new(new("op@example.com", "127.0.0.1"), Role.Operator);

    [Fact]
    public async Task Of_many_petitions_at_once_one_is_taken()
    {
        var (app, petitions) = await Blocked();
        var asked = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Task.Run(() => petitions.Submit(app.Id, $"please {i}", Developer)))
        );
        var taken = asked.Single(one => one.Succeeded).Value!;
        asked.Where(one => !one.Succeeded).ShouldAllBe(one => one.Error!.Message.Contains("already an open petition"));
        (await petitions.ListByApplication(app.Id)).Single().Words.ShouldBe(taken.Words);
    }

    [Fact]
    public async Task A_granted_petition_makes_the_application_active_and_both_stay_on_record()
    {
        var (app, petitions) = await Blocked();
        var asked = (await petitions.Submit(app.Id, "We have switched it off.", Developer)).Value!;
        (asked.Against, asked.Reason).ShouldBe(("blocked", Reason));
        (await petitions.Answer(asked.AppId, asked.Id, grants: true, "Thank you.", Operator)).Succeeded.ShouldBeTrue();
        await WaitUntil.IsTrue("the app is served again", async () => (await app.Get("getApplication")).Code is null);
        var kept = (await petitions.ListByApplication(app.Id)).Single();
        (kept.State, kept.Words, kept.Answer, kept.AnsweredBy).ShouldBe(
            (PetitionState.Granted, "We have switched it off.", "Thank you.", Operator.Name)
        );
        (await (await app.Installation.Get<ApplicationStatusRules>()).Current(app.Id))!.Reason.ShouldBe("Thank you.");
    }

    [Fact]
    public async Task A_declined_petition_needs_words_changes_nothing_else_and_can_be_followed_by_another()
    {
        var (app, petitions) = await Blocked();
        var asked = (await petitions.Submit(app.Id, "Please.", Developer)).Value!;
        (await petitions.Answer(asked.AppId, asked.Id, grants: false, " ", Operator)).Succeeded.ShouldBeFalse();
        (await petitions.Find(asked.AppId, asked.Id))!.State.ShouldBe(PetitionState.Open);
        (await petitions.Answer(asked.AppId, asked.Id, grants: false, "It still does.", Operator)).Succeeded.ShouldBeTrue();
        (await petitions.Answer(asked.AppId, asked.Id, grants: true, "", Operator)).Succeeded.ShouldBeFalse();
        (await app.Get("getApplication")).ShouldFailWith(402);
        (await petitions.Submit(app.Id, "Please again.", Developer)).Succeeded.ShouldBeTrue();
        (await petitions.ListByApplication(app.Id)).Select(one => one.State).ShouldBe([PetitionState.Open, PetitionState.Declined]);
    }

    [Fact]
    public async Task Answers_at_once_are_one_answer()
    {
        var (app, petitions) = await Blocked();
        var asked = (await petitions.Submit(app.Id, "Please.", Developer)).Value!;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => Task.Run(() => petitions.Answer(asked.AppId, asked.Id, i % 2 == 0, "Because.", Operator)))
        );
        answers.Count(one => one.Succeeded).ShouldBe(1);
        var granted = (await petitions.Find(asked.AppId, asked.Id))!.State == PetitionState.Granted;
        (await (await app.Installation.Get<ApplicationRules>()).Find(app.Id))!.Status.ShouldBe(granted ? "active" : "blocked");
    }

    [Fact]
    public async Task Reinstating_an_application_grants_its_open_petition()
    {
        var (app, petitions) = await Blocked();
        var asked = (await petitions.Submit(app.Id, "Please.", Developer)).Value!;
        await app.Set("status=suspended");
        (await petitions.Find(asked.AppId, asked.Id))!.State.ShouldBe(PetitionState.Open);
        await app.Set("status=active", "--reason", "paid");
        var answered = (await petitions.Find(asked.AppId, asked.Id))!;
        (answered.State, answered.Answer).ShouldBe((PetitionState.Granted, "paid"));
    }

    [Fact]
    public async Task There_is_nothing_to_petition_against_while_the_application_works()
    {
        var app = await servers.Main.CreateApp();
        var petitions = await app.Installation.Get<Petitions>();
        foreach (var status in new[] { "active", "inactive", "migrated" })
        {
            await app.Set($"status={status}");
            (await petitions.Submit(app.Id, "Please.", Developer)).Succeeded.ShouldBeFalse();
        }

        await app.Set("status=suspended");
        foreach (var words in new[] { "", " \n", new string('x', 2001), "a\u0001b" })
        {
            (await petitions.Submit(app.Id, words, Developer)).Succeeded.ShouldBeFalse();
        }

        (await petitions.ListByApplication(app.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Both_sides_are_told_by_mail()
    {
        var installation = await servers.NewInstallation();
        var app = await (await servers.StartOn(installation)).CreateApp();
        foreach (var (name, more) in new[] { ("op", "--operator"), ("owner", ""), ("viewer", "") })
        {
            (
                await installation.RunWithInput(
                    "violet harbour lamp",
                    [
                        "developer",
                        "create",
                        "--email",
                        $"{name}@example.com",
                        "--name",
                        name,
                        "--password-stdin",
                        .. more.Length > 0 ? [more] : Array.Empty<string>(),
                    ]
                )
            ).ShouldSucceed();
        }

        (await installation.Run("app", "member", "add", app.Id, "--email", "owner@example.com", "--role", "owner")).ShouldSucceed();
        (await installation.Run("app", "member", "add", app.Id, "--email", "viewer@example.com", "--role", "viewer")).ShouldSucceed();
        var petitions = await installation.Get<Petitions>();
        await app.Set("status=blocked", "--reason", "A <b>breach</b>");
        var asked = (await petitions.Submit(app.Id, "Please & thank you.", Developer)).Value!;
        (await petitions.Submit(app.Id, "Once more.", Developer)).Succeeded.ShouldBeFalse();
        (await petitions.Answer(asked.AppId, asked.Id, grants: false, "Not yet.", Operator)).Succeeded.ShouldBeTrue();
        await app.Set("status=active");
        await app.Set("status=inactive");

        var mails = await installation.Get<Latchkey.Messages.Outbox.Mailbox>();
        (await mails.List(null, "viewer@example.com", 50)).ShouldBeEmpty();
        var toOwner = (await mails.List(null, "owner@example.com", 50)).Reverse().ToList();
        toOwner
            .Select(mail => mail.Envelope.Kind)
            .ShouldBe(["portalApplicationShut", "portalPetitionDeclined", "portalApplicationReinstated"]);
        toOwner[0].Body.Html.ShouldContain("A &lt;b&gt;breach&lt;/b&gt;");
        toOwner[0].Body.Link.ShouldNotBeNull().ShouldEndWith($"/portal/applications/{app.Id}/petition");
        toOwner[1].Body.Text.ShouldContain("Not yet.");
        var toOperator = (await mails.List(null, "op@example.com", 50)).Single();
        toOperator.Body.Text.ShouldContain("Please & thank you.");
        toOperator.Body.Link.ShouldNotBeNull().ShouldEndWith($"/portal/operator/applications/{asked.AppId}/petitions/{asked.Id}");
    }

    private async Task<(App App, Petitions Petitions)> Blocked()
    {
        var app = await servers.Main.CreateApp();
        await app.Set("status=blocked", "--reason", Reason);
        return (app, await app.Installation.Get<Petitions>());
    }
}
