using System.Net.Http.Json;

namespace Latchkey.Tests.Tenancy;

/// <summary>Token, parameters, application, switch, data: the same in every function.</summary>
public sealed class ValidationOrderTests(ValidationOrderTests.InactiveAppsFixture apps)
    : IClassFixture<ValidationOrderTests.InactiveAppsFixture>
{
    private static readonly Function[] Functions =
    [
        new("signup", 400, new { handle = "no address", password = "x" }, Off: 407),
        new("completeSignup", 400, new { handle = "no address", code = "abc" }, Off: 407),
        new("login", 400, new { handle = "no address", password = "x" }, Off: 606),
        new("loginAnonymous", 400, new { handle = "no address" }, Off: 414),
        new("setUserName", 405, new { userName = "@" }, Off: 606),
        new("setLocale", 405, new { locale = "none" }),
        new("setUserMetadata", 405, new { metaData = "{bad" }),
        new("changePassword", 405, new { password = "x", newPassword = "x" }),
        new("deleteAccount", 405, new { handle = "x", password = "x" }),
        new("logout", 405, new { }),
    ];

    public static TheoryData<string> All => [.. Functions.Select(f => f.Name)];

    public static TheoryData<string> WithParameters =>
        [.. Functions.Where(f => f.Name is not ("logout" or "deleteAccount")).Select(f => f.Name)];

    public static TheoryData<string> WithSwitch => [.. Functions.Where(f => f.Off != 0).Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(All))]
    [Covers(400)]
    [Covers(405)]
    public async Task The_token_comes_first(string name)
    {
        var function = Named(name);
        (await Call(apps.Inactive, function, "garbled", new { })).ShouldFailWith(function.BadToken);
        (await Call(apps.Inactive, function, null, new { })).ShouldFailWith(function.BadToken);
    }

    [Theory]
    [MemberData(nameof(WithParameters))]
    public async Task Parameters_come_before_the_application(string name)
    {
        (await Call(apps.Inactive, Named(name), "", new { })).ShouldFailWith(403);
        (await Call(apps.Deleted, Named(name), "", new { })).ShouldFailWith(403);
        (
            await Call(
                apps.Inactive,
                Named(name),
                "",
                new
                {
                    handle = true,
                    password = true,
                    code = true,
                    userName = true,
                    locale = true,
                    metaData = true,
                    newPassword = true,
                }
            )
        ).ShouldFailWith(602);
    }

    [Theory]
    [MemberData(nameof(All))]
    [Covers(401)]
    [Covers(402)]
    [Covers(413)]
    public async Task The_application_comes_before_its_switches(string name)
    {
        (await Call(apps.Inactive, Named(name), "", Named(name).BadData)).ShouldFailWith(402);
        (await Call(apps.Deleted, Named(name), "", Named(name).BadData)).ShouldFailWith(401);
        (await Call(apps.Migrated, Named(name), "", Named(name).BadData)).ShouldFailWith(413);
        (await Call(apps.WithoutJwt, Named(name), "", Named(name).BadData)).ShouldFailWith(402);
    }

    [Theory]
    [MemberData(nameof(WithSwitch))]
    [Covers(407)]
    [Covers(414)]
    [Covers(606)]
    public async Task Switches_come_before_data(string name) =>
        (await Call(apps.SwitchedOff, Named(name), "", Named(name).BadData)).ShouldFailWith(Named(name).Off);

    [Fact]
    public async Task What_a_user_needs_to_delete_itself_comes_before_the_application()
    {
        foreach (var shut in new[] { apps.Inactive, apps.Migrated, apps.WithoutJwt })
        {
            (await Call(shut, Named("deleteAccount"), "", new { })).ShouldFailWith(403);
            (await Call(shut, Named("deleteAccount"), "", new { handle = "ann@example.com" })).ShouldFailWith(403);
        }
    }

    [Fact]
    public async Task Reading_functions_keep_the_order_too()
    {
        (await apps.Inactive.Get("userNameAvailable")).ShouldFailWith(403);
        (await apps.Inactive.Get("userNameAvailable?userName=a")).ShouldFailWith(402);
        (await apps.SwitchedOff.Get("userNameAvailable?userName=@")).ShouldFailWith(606);
        (await apps.Deleted.Get("getUser")).ShouldFailWith(401);
        (await apps.Inactive.Get("getUser")).ShouldFailWith(402);
    }

    private static Function Named(string name) => Functions.Single(f => f.Name == name);

    /// <param name="user">The application and its one user.</param>
    /// <param name="function">What to call.</param>
    /// <param name="token">Null for none, empty for the good one.</param>
    /// <param name="body">The parameters.</param>
    private static Task<Reply> Call(LoggedInUser user, Function function, string? token, object body)
    {
        var (header, good) = function.BadToken == 400 ? ("app-token", user.App.Token) : ("access-token", user.AccessToken);
        return user.App.PostRaw(function.Name, JsonContent.Create(body), token is null ? [] : [(header, token.Length == 0 ? good : token)]);
    }

    /// <param name="Name">The function.</param>
    /// <param name="BadToken">What it answers without a good token.</param>
    /// <param name="BadData">Parameters that are all there and wrong.</param>
    /// <param name="Off">What it answers when its switch is off.</param>
    private sealed record Function(string Name, int BadToken, object BadData, int Off = 0);

    /// <summary>Applications that refuse for one reason each, with every switch off and a user who was logged in before.</summary>
    public sealed class InactiveAppsFixture(ServerFixture servers) : IAsyncLifetime
    {
        public LoggedInUser SwitchedOff { get; private set; } = null!;

        public LoggedInUser Inactive { get; private set; } = null!;

        public LoggedInUser Migrated { get; private set; } = null!;

        public LoggedInUser WithoutJwt { get; private set; } = null!;

        public LoggedInUser Deleted { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            SwitchedOff = await Shut();
            Inactive = await Shut("status=inactive");
            Migrated = await Shut("status=migrated");
            WithoutJwt = await Shut("jwtEnabled=0");
            Deleted = await Shut();
            await Deleted.App.Delete();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task<LoggedInUser> Shut(params string[] settings)
        {
            var app = await servers.Main.CreateApp("signupFlow=none");
            var user = await app.CreateUser("ann@example.com");
            await app.Set(["signupEnabled=0", .. settings]);
            return user;
        }
    }
}
