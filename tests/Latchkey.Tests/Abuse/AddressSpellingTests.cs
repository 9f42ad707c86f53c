using System.Net;
using System.Text;
using Latchkey.Core;
using Latchkey.Tests.Api.SocialLogin;
using Latchkey.Tests.Operations.UserTransfer;

namespace Latchkey.Tests.Abuse;

/// <summary>An international domain in A-labels and in U-labels is one mailbox: one user, one counter (security.md row 74).</summary>
public sealed class AddressSpellingTests(ServerFixture servers)
{
    private const string ULabels = "max@müller.example";
    private const string ALabels = "max@xn--mller-kva.example";

    private static readonly IReadOnlyList<string> All =
    [
        ULabels,
        ALabels,
        ULabels.ToUpperInvariant(),
        ALabels.ToUpperInvariant(),
        ULabels.Normalize(NormalizationForm.FormD),
        "ｍａｘ＠ＭÜＬＬＥＲ．ｅｘａｍｐｌｅ",
        " Max@Xn--MLLER-kva.Example ",
    ];

    [Theory]
    [InlineData("max@müller.example", "max@xn--mller-kva.example")]
    [InlineData("max@xn--mller-kva.example", "max@xn--mller-kva.example")]
    [InlineData("max@faß.example", "max@xn--fa-hia.example")] // UTS 46, non-transitional
    [InlineData("max@fass.example", "max@fass.example")]
    [InlineData("max@परीक्षा.example", "max@xn--11b5bs3a9aj6g.example")]
    [InlineData("max@a.müller.xn--mller-kva", "max@a.xn--mller-kva.xn--mller-kva")]
    [InlineData("νίκος@example.com", "νίκοσ@example.com")] // ΝΊΚΟΣ in lower case
    [InlineData("ANON_Abc", "ANON_Abc")]
    public void The_key_has_a_labels(string handle, string key) => Handle.KeyOf(handle).ShouldBe(key);

    [Theory]
    [InlineData("max@mül\u00ADler.example")] // a soft hyphen, which nobody sees
    [InlineData("max@müller。example")]
    [InlineData("max@-müller.example")]
    [InlineData("max@üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.example")] // longer than 63 as A-label
    [InlineData("max@a\u0300\u200D.example")]
    public async Task What_is_no_domain_is_no_address(string handle) =>
        (await (await (await servers.Unlimited()).CreateApp()).Signup(handle)).ShouldFailWith(602);

    [Theory]
    [InlineData(ULabels)]
    [InlineData(ALabels)]
    public async Task All_spellings_are_one_user_whose_handle_stays_as_it_came(string first)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "metaDataEmail=1");
        var user = await app.CreateUser(first);
        foreach (var spelling in All)
        {
            (await app.Signup(spelling, "another good password")).ShouldFailWith(601);
            var again = await app.Login(spelling);
            again.Id().ShouldBe(user.Id(), spelling);
            again.Claims.GetProperty("sub").GetString().ShouldBe(first, spelling);
            again.Claims.GetProperty("email").GetString().ShouldBe(first, spelling);
        }

        (await user.GetUser()).GetProperty("handle").GetString().ShouldBe(first);
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = All[2], password = App.Password })).ShouldFailWith(601);
        TestScale.RecordFigure(74, $"{All.Count} spellings, 1 user");
    }

    [Fact]
    public async Task All_spellings_are_one_counter()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.CreateUser(ULabels);
        var evaluated = 0;
        foreach (var spelling in All.Concat(All))
        {
            evaluated += (await app.TryLogin(spelling, "a wrong password")).Code == 600 ? 1 : 0;
        }

        evaluated.ShouldBe(5);
        TestScale.RecordFigure(74, $"{All.Count} spellings, {evaluated} failures evaluated");
    }

    [Fact]
    public async Task All_spellings_share_the_limits_of_mails()
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(ULabels)).ShouldBeTrue();
        (await app.Signup(ALabels)).ShouldFailWith(700, HttpStatusCode.TooManyRequests);
        (await app.ForgotPassword(ALabels)).ShouldFailWith(700, HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_code_that_was_mailed_to_one_spelling_is_good_with_another()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.Signup(ULabels)).ShouldBeTrue();
        (await app.TryLogin(ALabels)).ShouldFailWith(608);
        var max = app.ParseTokens(await app.Complete(ALabels, await app.LastCodeFor(ALabels)));
        max.Claims.GetProperty("sub").GetString().ShouldBe(ULabels);

        (await app.ForgotPassword(ALabels)).ShouldBeTrue();
        (await app.ResetPassword(ULabels, await app.LastCodeFor(ULabels))).ShouldBeTrue();
        max = await app.Login(ALabels, AppFlows.NewPassword);

        (await max.Invite(ALabels)).ShouldFailWith(601);
        (await max.Invite("ida@xn--mller-kva.example")).ShouldBeTrue();
        app.ParseTokens(await app.Register("ida@müller.example", await app.LastCodeFor("ida@müller.example")));
        (await max.Post("deleteAccount", new { handle = ALabels, password = AppFlows.NewPassword })).ShouldBeTrue();
    }

    [Fact]
    public async Task A_wrong_code_counts_for_all_spellings()
    {
        var app = await servers.Main.CreateApp("callsPerSecond=1000000");
        (await app.Signup(ULabels)).ShouldBeTrue();
        var code = await app.LastCodeFor(ULabels);
        var evaluated = 0;
        foreach (var spelling in All)
        {
            evaluated += (await app.Complete(spelling, App.WrongCodeFor(code))).Code == 602 ? 1 : 0;
        }

        evaluated.ShouldBe(5);
    }

    [Fact]
    public async Task Lists_and_logs_find_every_spelling()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        await app.CreateUserByCode(ULabels);
        (await app.Signup("ida@xn--mller-kva.example")).ShouldBeTrue();
        (await app.Signup("una@müller.example")).ShouldBeTrue();
        foreach (var spelling in All)
        {
            (await Listed(app, spelling)).ShouldBe([ULabels], spelling);
            (await app.Installation.Run("user", "show", app.Id, spelling, "--json")).ShouldSucceed();
            (await app.Mails(spelling)).ShouldNotBeEmpty(spelling);
        }

        (await Listed(app, "MÜLL")).ShouldBe([ULabels]);
        using var owner = await PortalVisitor.Member(app, "owner");
        foreach (
            var (page, search, found) in new[]
            {
                ("users", ALabels, ULabels),
                ("users", "mülle", ULabels),
                ("users", "xn--mller", ULabels),
                ("users/signups", "ida@müller.example", "ida@xn--mller-kva.example"),
                ("users/signups", "una@mülle", "una@müller.example"),
                ("users/signups", "una@xn--mller", "una@müller.example"),
                ("users/signups", "una", "una@müller.example"),
            }
        )
        {
            var shown = await owner.Get($"/portal/applications/{app.Id}/{page}?search={Uri.EscapeDataString(search)}");
            shown.Text("tbody").ShouldContain(found, customMessage: $"{page} {search}");
            shown.Text("tbody").ShouldNotContain(found == ULabels ? "una@" : "max@", customMessage: $"{page} {search}");
        }

        var log = await owner.Get($"/portal/applications/{app.Id}/logs?handle={Uri.EscapeDataString(ALabels)}");
        log.Text("tbody").ShouldContain("completeSignup");
    }

    [Fact]
    public async Task A_person_who_goes_is_erased_in_every_spelling()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.InviteByServer(ALabels)).ShouldBeTrue();
        (await app.Signup(ULabels)).ShouldBeTrue();
        (await app.TryLogin(ALabels)).ShouldFailWith(608);
        var max = app.ParseTokens(await app.Complete(ULabels, await app.LastCodeFor(ULabels)));
        (await max.Post("deleteAccount", new { handle = ULabels, password = App.Password })).ShouldBeTrue();
        (await app.AllMails()).ShouldBeEmpty();
        (
            await app.Installation.Query<long>(
                "SELECT (SELECT COUNT(*) FROM audit WHERE app_id = @Id AND handle LIKE 'max@%') "
                    + "+ (SELECT COUNT(*) FROM invitations WHERE app_id = @Id) + (SELECT COUNT(*) FROM signups WHERE app_id = @Id)",
                new { app.Id }
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task An_import_reports_pairs()
    {
        var app = await servers.Main.CreateApp();
        await app.Installation.RunWithInput(App.Password, "user", "add", app.Id, "ida@müller.example", "--password-stdin");
        var printed = await app.Import("users.csv", $"handle\n{ULabels}\n{ALabels}\nida@xn--mller-kva.example\n", "--dry-run");
        printed.Output.ShouldContain($"line 3: handle: the file has it before ({ALabels} and {ULabels} are one address)");
        printed.Output.ShouldContain("line 4: handle: the application has this address as ida@müller.example");
    }

    [Fact]
    public async Task A_portal_account_is_one_too()
    {
        var server = await servers.Start();
        using var visitor = await PortalVisitor.Operator(server, "op@müller.example");
        (
            await server.Installation.RunWithInput(
                PortalAccount.Password,
                ["developer", "create", "--email", "op@xn--mller-kva.example", "--name", "Op", "--password-stdin"]
            )
        ).ExitCode.ShouldBe(1);
        var again = new PortalClient(server);
        ((int)(await again.SignIn("op@xn--mller-kva.example", "violet harbour lamp")).Status).ShouldBe(303);
        (await again.Get("/portal/account")).Text.ShouldContain("op@m");
        var app = await server.CreateApp();
        (
            await server.Installation.Run("app", "member", "add", app.Id, "--email", "OP@xn--mller-kva.example", "--role", "owner")
        ).ShouldSucceed();
        (await server.Installation.Query<long>("SELECT COUNT(*) FROM developers")).ShouldBe(1);
    }

    private static async Task<List<string>> Listed(App app, string search) =>
        [
            .. (await app.Installation.Run("user", "list", app.Id, "--search", search, "--json"))
                .ShouldSucceed()
                .Json.EnumerateArray()
                .Select(user => user.GetProperty("handle").GetString()!),
        ];
}

/// <summary>As <see cref="AddressSpellingTests"/>, for addresses that Apple and Google vouch for.</summary>
public sealed class SocialAddressSpellingTests(SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    [Fact]
    public async Task The_tokens_address_is_the_handle_in_either_spelling()
    {
        const string uLabels = "max@müller.example";
        const string aLabels = "max@xn--mller-kva.example";
        var app = await social.CreateApp("signupFlow=none");
        var max = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", aLabels), uLabels));
        max.Claims.GetProperty("sub").GetString().ShouldBe(uLabels);
        (await app.Signup(aLabels)).ShouldFailWith(601);
        await app.Installation.Execute("DELETE FROM user_identities WHERE app_id = @Id", new { app.Id });
        (await app.SocialLogin("google", social.Provider.Token("google", aLabels, "another"))).ShouldBeOk();
    }
}
