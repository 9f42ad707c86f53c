namespace Latchkey.Tests.Billing;

/// <summary>The commands of billing, in a process of their own.</summary>
public sealed class BillingCommandTests(ServerFixture servers)
{
    [Fact]
    public async Task Plans_accounts_and_invoices_are_managed_on_the_command_line()
    {
        var installation = await servers.NewInstallation();
        Task<CommandResult> Run(params string[] arguments) => BillingInstallation.Command(installation, ["billing", .. arguments]);
        var plan = (await Run("plan", "create", "month=29", "mail=100 free, 0.001", "--name", "Pro", "--currency", "EUR")).ShouldSucceed();
        (await Run("plan", "show", "Pro", "--json")).ShouldSucceed().Json.GetProperty("id").GetString().ShouldBe(plan.Output.Trim());
        (await Run("plan", "set", "Pro", "month=39")).ShouldSucceed();
        (await Run("plan", "show", "Pro")).ShouldSucceed().Output.ShouldContain("39.00");
        (await Run("plan", "create", "month=1", "--name", "Pro", "--currency", "EUR")).ShouldFail("already");
        var account = (await Run("account", "create", "--name", "Acme", "--email", "bills@example.com", "--currency", "EUR"))
            .ShouldSucceed()
            .Output.Trim();
        (await Run("account", "set", account, "--address", "Street 1; Town")).ShouldSucceed();
        (await Run("account", "budget", account, "250.5", "--stop")).ShouldSucceed();
        var shown = (await Run("account", "show", account, "--json")).ShouldSucceed().Json;
        (shown.GetProperty("address").GetString(), shown.GetProperty("budget").GetString()).ShouldBe(("Street 1\nTown", "250.50"));
        var appId = (await BillingInstallation.Command(installation, "app", "create", "--name", "Demo", "--json")).ShouldSucceed().Json;
        var app = appId.GetProperty("appId").GetString()!;
        (await Run("usage", app)).ShouldFail("No billing account");
        (await Run("account", "assign", account, app, "--plan", "Pro")).ShouldSucceed();
        (await Run("usage", app)).ShouldSucceed().Json.GetProperty("net").GetInt64().ShouldBe(0);
        (await Run("usage", app, "--month", "2026-13")).ShouldFail("2026-11");
        (await Run("run")).ShouldSucceed();
        (await Run("invoice", "list")).ShouldSucceed().Output.Trim().ShouldBeEmpty();
        (await Run("invoice", "pay", "INV-000001", "--reference", "x")).ShouldFail("no such invoice");
    }

    [Fact]
    public async Task While_billing_is_off_its_commands_say_so_and_nothing_is_metered()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        (await app.Installation.Run("billing", "plan", "list")).ShouldFail("Billing is off");
        (await app.Installation.Run("billing", "run")).ShouldFail("Billing is off");
        foreach (var table in new[] { "metered_uses", "metered_states", "metered_storage" })
        {
            (await app.Installation.Query<long>($"SELECT COUNT(*) FROM {table}")).ShouldBe(0, table);
        }
    }
}
