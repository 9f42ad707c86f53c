using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Clients are told that a session is over, however it ended.</summary>
public sealed class BackChannelLogoutTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task BCL_01_A_logout_token_lives_two_minutes()
    {
        await using var receiver = await LogoutReceiver.Start();
        var (app, client, ann) = await SignedIn(receiver);
        await app.AddGrant(client, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await receiver.WaitFor(1);
        var claims = receiver.Claims[0];
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(120);
    }

    [Fact]
    public async Task BCL_02_Its_header_says_what_it_is()
    {
        await using var receiver = await LogoutReceiver.Start();
        var (app, client, ann) = await SignedIn(receiver);
        await app.AddGrant(client, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await receiver.WaitFor(1);
        var header = LoggedInUser.DecodePart(receiver.Forms[0]["logout_token"], 0);
        header.GetProperty("typ").GetString().ShouldBe("logout+jwt");
        header.GetProperty("alg").GetString().ShouldBe("RS256");
        header.GetProperty("kid").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task BCL_03_Each_client_of_the_session_gets_one()
    {
        await using var receiver = await LogoutReceiver.Start();
        var app = await ProviderApp.Create(servers);
        var ann = await app.App.CreateUser(Ann);
        var (first, second) = (await app.AddLogoutClient(receiver), await app.AddLogoutClient(receiver));
        await app.AddGrant(first, ann);
        await app.AddGrant(first, ann); // two grants of one client: told once
        await app.AddGrant(second, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await receiver.WaitFor(2);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM logout_notices WHERE app_id = @Id", new { app.Id })).ShouldBe(2);
        receiver
            .Claims.Select(claims => claims.GetProperty("aud").GetString()!)
            .Order(StringComparer.Ordinal)
            .ShouldBe(new[] { first.Id, second.Id }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task BCL_04_A_client_without_an_address_gets_none()
    {
        await using var receiver = await LogoutReceiver.Start();
        var (app, client, ann) = await SignedIn(receiver);
        var silent = await app.AddClient(ClientType.Web);
        await app.AddGrant(client, ann);
        await app.AddGrant(silent, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await receiver.WaitFor(1);
        (await app.Installation.Query<string>("SELECT client_id FROM logout_notices WHERE app_id = @Id", new { app.Id })).ShouldBe(
            client.Id
        );
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    public async Task BCL_06_Any_success_is_a_success(int status)
    {
        await using var receiver = await LogoutReceiver.Start();
        receiver.Status = status;
        var (app, client, ann) = await SignedIn(receiver);
        await app.AddGrant(client, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await WaitUntilClosed(app, client);
        receiver.Forms.Count.ShouldBe(1);
        (await Logged(app)).ShouldBe(0);
    }

    [Fact]
    public async Task BCL_07_A_refusal_is_logged_with_its_error_and_not_sent_again()
    {
        await using var receiver = await LogoutReceiver.Start();
        (receiver.Status, receiver.Body) = (400, """{"error":"invalid_request","error_description":"a page of ours"}""");
        var (app, client, ann) = await SignedIn(receiver);
        await app.AddGrant(client, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await WaitUntilClosed(app, client);
        var detail = await app.Installation.Query<string>(
            "SELECT detail FROM audit WHERE app_id = @Id AND action = 'backChannelLogout'",
            new { app.Id }
        );
        detail.ShouldContain("400 Bad Request: invalid_request");
        detail.ShouldNotContain("a page of ours");
        receiver.Forms.Count.ShouldBe(1);
    }

    [Fact]
    public async Task BCL_08_What_fails_for_the_moment_is_sent_again_and_given_up_in_the_end()
    {
        await using var receiver = await LogoutReceiver.Start();
        receiver.Status = 503;
        var (app, client, ann) = await SignedIn(receiver);
        await app.AddGrant(client, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            await receiver.WaitFor(attempt);
            await WaitUntilWaiting(app, client, attempt);
            await app.Installation.Execute(
                "UPDATE logout_notices SET due_at = 0 WHERE app_id = @Id AND due_at IS NOT NULL",
                new { app.Id }
            );
        }

        await WaitUntilClosed(app, client);
        receiver.Forms.Count.ShouldBe(6);
        (await Logged(app)).ShouldBe(1);
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("passwordChanged")]
    [InlineData("operator")]
    public async Task BCL_11_Whatever_ends_a_session_tells_its_clients(string reason)
    {
        await using var receiver = await LogoutReceiver.Start();
        var (app, client, ann) = await SignedIn(receiver);
        var other = await app.App.Login(Ann);
        var (one, two) = (await app.AddGrant(client, ann), await app.AddGrant(client, other));
        switch (reason)
        {
            case "suspended":
                (await app.Installation.Run("user", "suspend", app.Id, Ann)).ShouldSucceed();
                break;
            case "passwordChanged":
                var third = await app.App.Login(Ann);
                (await third.Post("changePassword", new { password = App.Password, newPassword = "battery horse correct" })).ShouldBeTrue();
                break;
            default:
                (await ann.Post("logout", new { everywhere = true })).ShouldBeTrue();
                break;
        }

        await receiver.WaitFor(2);
        receiver
            .Claims.Select(claims => claims.GetProperty("sid").GetString()!)
            .Order(StringComparer.Ordinal)
            .ShouldBe(new[] { one, two }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task BCL_12_An_address_inside_the_network_gets_no_connection()
    {
        await using var receiver = await LogoutReceiver.Start();
        var server = await servers.StartOn(
            await servers.NewInstallation(),
            ["--limits", "off"],
            [("LATCHKEY_OUTBOUND_NETWORKS", "192.0.2.0/24")]
        );
        var app = new ProviderApp(await App.CreateRsa(server, ["signupFlow=none"]));
        var (client, ann) = (await app.AddLogoutClient(receiver), await app.App.CreateUser(Ann));
        await app.AddGrant(client, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await WaitUntilWaiting(app, client, attempts: 1);
        receiver.Forms.ShouldBeEmpty();
    }

    [Fact]
    public async Task BCL_05_A_logout_token_is_no_ID_token()
    {
        await using var receiver = await LogoutReceiver.Start();
        var (app, client, ann) = await SignedIn(receiver);
        await app.AddGrant(client, ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await receiver.WaitFor(1);
        var token = receiver.Forms[0]["logout_token"];
        var cache = await app.Installation.Get<Latchkey.Applications.ApplicationCache>();
        Latchkey.Provider.Tokens.IdTokens.ReadHint((await cache.Find(app.Id))!, app.Issuer, token).ShouldBeNull();
        (await app.App.Post("getUser", new { }, ("access-token", token))).Status.ShouldNotBe(System.Net.HttpStatusCode.OK);
    }

    private async Task<(ProviderApp App, ProviderClient Client, LoggedInUser Ann)> SignedIn(LogoutReceiver receiver)
    {
        var app = await ProviderApp.Create(servers);
        return (app, await app.AddLogoutClient(receiver), await app.App.CreateUser(Ann));
    }

    private static Task WaitUntilClosed(ProviderApp app, ProviderClient client) =>
        WaitUntil.IsTrue(
            "the notice is closed",
            async () =>
                await app.Installation.Query<long>(
                    "SELECT COUNT(*) FROM logout_notices WHERE app_id = @AppId AND client_id = @Id AND due_at IS NULL",
                    new { AppId = app.Id, client.Id }
                ) == 1
        );

    /// <summary>Until so many attempts are over: the notice is closed, or waits for another time than the end of its lease.</summary>
    private static Task WaitUntilWaiting(ProviderApp app, ProviderClient client, int attempts) =>
        WaitUntil.IsTrue(
            "the attempt is over",
            async () =>
                await app.Installation.Query<long>(
                    """
                    SELECT COUNT(*) FROM logout_notices WHERE app_id = @AppId AND client_id = @Id AND attempts = @attempts
                      AND (due_at IS NULL OR due_at NOT BETWEEN @from AND @to)
                    """,
                    new
                    {
                        AppId = app.Id,
                        client.Id,
                        attempts,
                        from = TimeProvider.System.Now() + 10_001,
                        to = TimeProvider.System.Now() + 31_000,
                    }
                ) == 1
        );

    private static Task<long> Logged(ProviderApp app) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'backChannelLogout'", new { app.Id });
}
