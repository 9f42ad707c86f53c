namespace Latchkey.Tests.Accounts;

/// <summary>Accounts and memberships, made on the command line.</summary>
public sealed class MemberCommandTests(ServerFixture servers) : IAsyncLifetime
{
    private const string Password = "a long portal password";
    private TestInstallation installation = null!;
    private string appId = "";

    public async ValueTask InitializeAsync()
    {
        installation = await servers.NewInstallation();
        appId = (await installation.Run("app", "create", "--name", "Demo", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("appId")
            .GetString()!;
        foreach (var name in new[] { "ann", "bob" })
        {
            (
                await installation.RunWithInput(
                    Password,
                    "developer",
                    "create",
                    "--email",
                    $"{name}@example.com",
                    "--name",
                    name,
                    "--password-stdin"
                )
            ).ShouldSucceed();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_developer_is_made_with_the_role_that_was_asked_for()
    {
        (
            await installation.RunWithInput(
                Password,
                "developer",
                "create",
                "--email",
                "Op@example.com",
                "--name",
                "Op",
                "--operator",
                "--password-stdin"
            )
        ).ShouldSucceed();
        (await installation.Query<string>("SELECT role FROM developers WHERE email = 'op@example.com'")).ShouldBe("operator");
        (await installation.Query<string>("SELECT role FROM developers WHERE email = 'ann@example.com'")).ShouldBe("developer");
        (
            await installation.RunWithInput(
                Password,
                "developer",
                "create",
                "--email",
                "ANN@example.com",
                "--name",
                "Ann",
                "--password-stdin"
            )
        ).ShouldFail("has an account");
        (
            await installation.RunWithInput(
                "short",
                "developer",
                "create",
                "--email",
                "eve@example.com",
                "--name",
                "Eve",
                "--password-stdin"
            )
        ).ShouldFail("another password");
        (await installation.Query<long>("SELECT COUNT(*) FROM developers")).ShouldBe(3);
    }

    [Fact]
    public async Task A_member_is_added_changed_listed_and_removed_and_the_log_says_so()
    {
        (await Add("ann", "owner")).ShouldSucceed();
        (await Add("bob", "viewer")).ShouldSucceed();
        (await Add("BOB", "editor")).ShouldSucceed();
        (await Roles()).ShouldBe(["ann@example.com owner", "bob@example.com editor"]);
        (await installation.Run("app", "member", "remove", appId, "--email", "bob@example.com")).ShouldSucceed();
        (await Roles()).ShouldBe(["ann@example.com owner"]);
        (
            await installation.Query<string>("SELECT detail FROM audit WHERE action = 'changeMemberRole' AND handle = 'bob@example.com'")
        ).ShouldBe("viewer → editor");
        (
            await installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE action IN ('addMember', 'changeMemberRole', 'removeMember') AND actor LIKE 'command line (%'"
            )
        ).ShouldBe(4);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_changes_nothing()
    {
        (await Add("ann", "owner")).ShouldSucceed();
        (await Add("ann", "viewer")).ShouldFail("only one");
        (await installation.Run("app", "member", "remove", appId, "--email", "ann@example.com")).ShouldFail("only one");
        (await installation.Run("app", "member", "remove", appId, "--email", "bob@example.com")).ShouldFail("This member no longer exists");
        (await Add("eve", "viewer")).ShouldFail("no account");
        (await installation.Run("app", "member", "add", new string('0', 32), "--email", "ann@example.com", "--role", "viewer")).ShouldFail(
            "no application"
        );
        (await Add("bob", "king")).ExitCode.ShouldBe(1);
        (await Roles()).ShouldBe(["ann@example.com owner"]);
    }

    private Task<CommandResult> Add(string name, string role) =>
        installation.Run("app", "member", "add", appId, "--email", $"{name}@example.com", "--role", role);

    private async Task<List<string>> Roles() =>
        [
            .. (await installation.Run("app", "member", "list", appId, "--json"))
                .ShouldSucceed()
                .Json.EnumerateArray()
                .Select(member => $"{member.GetProperty("email").GetString()} {member.GetProperty("role").GetString()}"),
        ];
}
