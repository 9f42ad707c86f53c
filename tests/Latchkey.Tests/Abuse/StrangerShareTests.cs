using System.Diagnostics;

namespace Latchkey.Tests.Abuse;

/// <summary>How much strangers can take from others who share an application with them: security.md rows 57, 58, 65 and 72.</summary>
[Collection(SerialCollection.Name)]
public sealed class StrangerShareTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Wrong = "a wrong password";
    private const int Networks = 10;

    [Fact]
    public async Task Ten_networks_leave_messages_to_the_next_network_and_more_to_users_and_servers()
    {
        var perHour = TestScale.Size(100, 1_000);
        var app = await servers.Main.CreateApp($"messagesPerHour={perHour}", "callsPerSecond=1000000");
        await app.CreateUserByCode(Ann);
        await app.ForgetMessages();
        await ByNetwork(perHour / Networks, (network, i) => network.ForgotPassword($"nobody{i}@example.com"));
        (await Charged(app)).ShouldBe(0);
        var strangers = await ByNetwork(
            perHour / Networks,
            (network, i) => network.Signup($"stranger{network.ClientAddress}{i}@example.com")
        );
        strangers.ShouldBe(await Charged(app));
        var next = await Until(app.WithAddress("127.68.1.1"), (network, i) => network.Signup($"next{i}@example.com"));
        next.ShouldBeGreaterThan(0);
        (await app.WithAddress("127.68.1.2").ForgotPassword(Ann)).ShouldBeTrue();
        var reserve = await Until(app, (_, i) => app.InviteByServer($"guest{i}@example.com"));
        reserve.ShouldBeGreaterThanOrEqualTo((perHour / 4) - 1);
        TestScale.RecordFigure(
            57,
            $"{Networks} networks: {perHour:N0} requests for nobody's password are not charged, {perHour:N0} signups take {strangers} of "
                + $"{perHour:N0} messages; the next network gets {next}, users and servers {reserve + 1}"
        );

        Task<int> ByNetwork(int times, Func<App, int, Task<Reply>> send) => Flood(app, times, send);
    }

    [Fact]
    public async Task One_clients_flood_leaves_the_calls_of_others_alone()
    {
        var app = await servers.Main.CreateApp("callsPerSecond=100");
        using var over = new CancellationTokenSource();
        var (floodServed, floodRefused) = (0, 0);
        var flood = Enumerable
            .Range(0, 16)
            .Select(_ =>
                Task.Run(async () =>
                {
                    while (!over.IsCancellationRequested)
                    {
                        var isServed = (await app.WithAddress("127.68.2.1").Get("getApplication")).Code is null;
                        _ = isServed ? Interlocked.Increment(ref floodServed) : Interlocked.Increment(ref floodRefused);
                    }
                })
            )
            .ToList();
        await WaitUntil.IsTrue("the flood is held back", () => Task.FromResult(Volatile.Read(ref floodRefused) > 100));
        var (calls, served) = (TestScale.Size(100, 1_000), 0);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var i = 0; i < calls; i++)
        {
            served += (await app.WithAddress($"127.68.3.{1 + (i % 20)}").Get("getApplication")).Code is null ? 1 : 0;
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await over.CancelAsync();
        await Task.WhenAll(flood);
        ((double)served / calls).ShouldBeGreaterThan(0.9);
        TestScale.RecordFigure(
            58,
            $"one client's {floodServed + floodRefused:N0} calls, cap 100 a second: {served} of {calls} calls of 20 others served meanwhile"
        );
    }

    [Fact]
    public async Task Right_logins_of_one_account_are_twenty_a_minute_and_others_log_in()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.CreateUser(Ann);
        var bob = app.WithAddress("127.68.4.2");
        await bob.CreateUser("bob@example.com");
        var (sent, watch) = (TestScale.Size(200, 2_000), Stopwatch.StartNew());
        var storm = Flood(app, sent / Networks, (_, _) => app.WithAddress("127.68.4.1").TryLogin(Ann));
        (await bob.TryLogin("bob@example.com")).ShouldBeOk();
        var evaluated = await storm;
        evaluated.ShouldBeInRange(20, 20 * (1 + (int)watch.Elapsed.TotalMinutes));
        TestScale.RecordFigure(58, $"{sent:N0} right logins of one account from one network, {evaluated} evaluated");
    }

    [Fact]
    public async Task Many_users_behind_one_address_log_in()
    {
        var (app, users) = ((await servers.Main.CreateApp("signupFlow=none")).WithAddress("127.68.5.1"), TestScale.Size(100, 2_000));
        await app.CreateUser(Ann);
        await app.CopyUser(Ann, users);
        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(
            1,
            users + 1,
            new ParallelOptions { MaxDegreeOfParallelism = 40 },
            async (i, _) =>
                await WaitUntil.IsTrue("everybody gets in", async () => (await app.TryLogin($"copy{i}@example.com")).Code is null)
        );
        TestScale.RecordFigure(58, $"{users:N0} users behind one address logged in within {watch.Elapsed.TotalSeconds:0} s");
    }

    [Fact]
    public async Task One_client_leaves_a_bounded_number_of_rows()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.CreateUser(Ann);
        var one = app.WithAddress("127.68.6.1");
        var times = TestScale.Size(20, 200);
        var users = await Flood(app, times, (network, i) => one.Signup($"{network.ClientAddress}-{i}@example.com"));
        users.ShouldBe(30);
        await Flood(app, times, (_, _) => one.TryLogin(Ann));
        await Flood(app, times, (_, _) => one.TryLogin(Ann, Wrong));
        var sessions = await Count("sessions");
        sessions.ShouldBeLessThanOrEqualTo(1 + 30 + (20 * 2));
        var lines = await Count("audit");
        lines.ShouldBeLessThanOrEqualTo(1 + 30 + 30 + 5); // a signup each, refusals as before, and a few for all of Ann's
        TestScale.RecordFigure(
            65,
            $"{3 * times * Networks:N0} signups and logins of one client: {users} users, {sessions} sessions, {lines} log lines"
        );

        Task<long> Count(string table) => app.Installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id", new { app.Id });
    }

    [Fact]
    public async Task Of_many_networks_guesses_at_one_password_fifty_are_evaluated()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.CreateUser(Ann);
        var owner = app.WithAddress("127.68.7.99");
        (await owner.TryLogin(Ann)).ShouldBeOk();
        var (networks, evaluated) = (TestScale.Size(15, 30), 0);
        for (var i = 0; i < networks * 5; i++)
        {
            evaluated += (await app.WithAddress($"127.68.7.{1 + (i / 5)}").TryLogin(Ann, Wrong)).Code == 600 ? 1 : 0;
        }

        evaluated.ShouldBeInRange(50, 53); // a wait of 30 s, and then of a minute, may be over meanwhile
        var logins = 0;
        for (var i = 0; i < 10; i++)
        {
            logins += (await owner.TryLogin(Ann)).Code is null ? 1 : 0;
        }

        logins.ShouldBe(10);
        (await app.MailKinds(Ann)).ShouldContain("passwordGuessing");
        TestScale.RecordFigure(
            72,
            $"{networks * 5} wrong passwords from {networks} networks: {evaluated} evaluated, the owner is told once, {logins} of 10 logins "
                + "from the owner's own network succeed"
        );
    }

    private static Task<int> Charged(App app) =>
        app.Installation.Query<int>(
            "SELECT COALESCE(MAX(count), 0) FROM limits WHERE bucket LIKE @total",
            new { total = $"{app.Id}|messages of one application%" }
        );

    /// <summary>The same from ten networks at once; how many were answered with success.</summary>
    private static async Task<int> Flood(App app, int times, Func<App, int, Task<Reply>> send)
    {
        var served = await Task.WhenAll(
            Enumerable
                .Range(1, Networks)
                .Select(network =>
                    Task.Run(async () =>
                    {
                        var count = 0;
                        for (var i = 0; i < times; i++)
                        {
                            count += (await send(app.WithAddress($"127.68.0.{network}"), i)).Code is null ? 1 : 0;
                        }

                        return count;
                    })
                )
        );
        return served.Sum();
    }

    /// <summary>How often it can be done before it is refused.</summary>
    private static async Task<int> Until(App app, Func<App, int, Task<Reply>> send)
    {
        var times = 0;
        while ((await send(app, times)).Code is null)
        {
            times++;
        }

        return times;
    }
}
