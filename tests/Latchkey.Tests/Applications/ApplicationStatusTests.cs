using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Status;

namespace Latchkey.Tests.Applications;

/// <summary>Who may give an application which status, what the app is told then, and what stays on record.</summary>
public sealed class ApplicationStatusTests(ServerFixture servers)
{
    private const string Reason = "mails that nobody asked for";
    private static readonly ChangeContext Operator = new(new("op@example.com", "127.0.0.1"), Role.Operator);

    /// <summary>For each status and who asks: every status that they may give it.</summary>
    public static TheoryData<string, Role, string> Allowed =>
        new()
        {
            { "active", Role.Editor, "inactive" },
            { "inactive", Role.Editor, "active" },
            { "migrated", Role.Editor, "" },
            { "suspended", Role.Editor, "" },
            { "blocked", Role.Editor, "" },
            { "active", Role.Owner, "inactive migrated" },
            { "inactive", Role.Owner, "active migrated" },
            { "migrated", Role.Owner, "active inactive" },
            { "suspended", Role.Owner, "" },
            { "blocked", Role.Owner, "" },
            { "active", Role.Operator, "inactive suspended blocked migrated" },
            { "inactive", Role.Operator, "active suspended blocked migrated" },
            { "migrated", Role.Operator, "active inactive suspended blocked" },
            { "suspended", Role.Operator, "active inactive blocked migrated" },
            { "blocked", Role.Operator, "active inactive suspended migrated" },
        };

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task Each_status_is_given_by_those_who_may_and_by_nobody_else(string from, Role by, string allowed)
    {
        var app = await servers.Main.CreateApp();
        var rules = await app.Installation.Get<ApplicationRules>();
        var may = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var to in ApplicationStatus.All.Where(to => to != from))
        {
            (await rules.SetStatus(app.Id, from, Reason, Operator)).Succeeded.ShouldBeTrue();
            var lines = await Lines(app);
            (await rules.SetStatus(app.Id, to, Reason, new ChangeContext(new("someone@example.com", "127.0.0.1"), by))).Succeeded.ShouldBe(
                may.Contains(to),
                to
            );
            (await rules.Find(app.Id))!.Status.ShouldBe(may.Contains(to) ? to : from);
            (await Lines(app)).ShouldBe(may.Contains(to) ? lines + 1 : lines);
        }
    }

    [Fact]
    public async Task A_form_of_settings_cannot_smuggle_in_what_only_others_may()
    {
        var app = await servers.Main.CreateApp();
        var rules = await app.Installation.Get<ApplicationRules>();
        foreach (var change in new[] { ("status", "blocked"), ("status", "migrated"), ("type", "commercial") })
        {
            (
                await rules.Change(
                    app.Id,
                    new Dictionary<string, string> { ["userNamesEnabled"] = "1", [change.Item1] = change.Item2 },
                    new Actor("editor@example.com", "127.0.0.1")
                )
            ).Succeeded.ShouldBeFalse();
        }

        var row = (await rules.Find(app.Id))!;
        (row.Status, row.Type, ApplicationRules.SettingsOf(row).UserNamesEnabled).ShouldBe(("active", "development", false));
    }

    [Fact]
    public async Task The_command_line_counts_as_the_operator_and_a_block_needs_a_reason()
    {
        var app = await servers.Main.CreateApp();
        (await app.Installation.Run("app", "set", app.Id, "userNamesEnabled=1", "status=blocked")).ShouldFail("reason");
        (await app.Installation.Run("app", "set", app.Id, "status=blocked", "--reason", new string('x', 501))).ShouldFail("500 characters");
        (await app.Installation.Run("app", "show", app.Id, "--json"))
            .ShouldSucceed()
            .Json.GetProperty("userNamesEnabled")
            .GetInt32()
            .ShouldBe(0);
        await app.Set("status=blocked", "--reason", Reason);
        await app.Set("status=active");
        var spans = (await History(app)).Spans;
        spans
            .Select(span => (span.Row.Previous, span.Row.Status, span.Row.Reason))
            .ShouldBe([(null, "active", ""), ("active", "blocked", Reason), ("blocked", "active", "")]);
        spans.Skip(1).ShouldAllBe(span => span.Row.Actor == Actor.CommandLine.Name);
        (
            await app.Installation.Query<string>(
                "SELECT detail FROM audit WHERE app_id = @Id AND action = 'changeStatus' AND detail LIKE '%blocked:%'",
                new { app.Id }
            )
        ).ShouldBe($"active to blocked: {Reason}");
    }

    [Theory]
    [InlineData("active", null, null, null)]
    [InlineData("inactive", null, 402, 402)]
    [InlineData("migrated", null, 413, 413)]
    [InlineData("suspended", 402, 402, 402)]
    [InlineData("blocked", 402, 402, 402)]
    public async Task The_app_is_answered_as_the_contract_says(string status, int? settings, int? login, int? user)
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        await app.Set($"status={status}", "--reason", Reason);
        var told = await app.Get("getApplication");
        told.Code.ShouldBe(settings);
        if (settings is null)
        {
            told.Json.GetProperty("status").GetString().ShouldBe(status);
        }

        (await app.TryLogin("ann@example.com")).Code.ShouldBe(login);
        (await app.Signup($"new-{status}@example.com")).Code.ShouldBe(login);
        (await ann.TryGetUser()).Code.ShouldBe(user);
        await app.Set("status=active");
        (await ann.TryGetUser()).ShouldBeOk();
    }

    [Fact]
    public async Task The_time_in_each_status_adds_up()
    {
        var app = await servers.Main.CreateApp();
        await app.Set("status=inactive");
        await app.Set("status=active");
        await app.Set("status=suspended");
        var begin = AppFlows.FromNow(-100_000);
        foreach (var (index, seconds) in new[] { 0, 10_000, 40_000, 90_000 }.Index())
        {
            var id = (await History(app)).Spans[index].Row.Id;
            (
                await app.Installation.Execute(
                    "UPDATE application_statuses SET began_at = @at WHERE id = @id",
                    new { id, at = begin + (seconds * 1000L) }
                )
            ).ShouldBe(1);
        }

        var history = await History(app);
        history
            .Spans.Select(span => span.EndedAt is null ? 0 : (span.EndedAt - span.Row.BeganAt) / 1000)
            .ShouldBe([10_000, 30_000, 50_000, 0]);
        var all = history.DurationsByStatus(0, begin + 100_000_000);
        all.ToDictionary(time => time.Key, time => time.Value.TotalSeconds)
            .ShouldBe(
                new Dictionary<string, double>
                {
                    ["active"] = 60_000,
                    ["inactive"] = 30_000,
                    ["suspended"] = 10_000,
                },
                ignoreOrder: true
            );
        var part = history.DurationsByStatus(begin + 5_000_000, begin + 20_000_000);
        part.ToDictionary(time => time.Key, time => time.Value.TotalSeconds)
            .ShouldBe(new Dictionary<string, double> { ["active"] = 5_000, ["inactive"] = 10_000 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Changes_at_once_make_one_history_without_gaps()
    {
        var app = await servers.Main.CreateApp();
        var rules = await app.Installation.Get<ApplicationRules>();
        await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => Task.Run(() => rules.SetStatus(app.Id, i % 2 == 0 ? "inactive" : "active", "", Operator)))
        );
        var rows = (await History(app)).Spans.Select(span => span.Row).ToList();
        rows.Zip(rows.Skip(1)).ShouldAllBe(pair => pair.First.Status == pair.Second.Previous && pair.First.BeganAt < pair.Second.BeganAt);
        rows[^1].Status.ShouldBe((await rules.Find(app.Id))!.Status);
    }

    [Fact]
    public async Task Only_an_owner_makes_it_commercial_and_nobody_takes_that_back()
    {
        var app = await servers.Main.CreateApp();
        var rules = await app.Installation.Get<ApplicationRules>();
        (await SetType("commercial", Role.Editor)).ShouldBeFalse();
        (await SetType("commercial", Role.Owner)).ShouldBeTrue();
        (await SetType("development", Role.Operator)).ShouldBeFalse();
        (await SetType("commercial", Role.Editor)).ShouldBeTrue();

        async Task<bool> SetType(string type, Role by) =>
            (
                await rules.Change(
                    app.Id,
                    new Dictionary<string, string> { ["type"] = type },
                    new ChangeContext(new("someone@example.com", "127.0.0.1"), by)
                )
            ).Succeeded;
    }

    private static async Task<StatusHistory> History(App app) =>
        await (await app.Installation.Get<ApplicationStatusRules>()).History(app.Id);

    private static async Task<int> Lines(App app) => (await History(app)).Spans.Count;
}
