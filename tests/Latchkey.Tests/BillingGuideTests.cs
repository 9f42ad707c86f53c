using Latchkey.Tests.Billing;

namespace Latchkey.Tests;

/// <summary>What docs/billing.md tells an operator to type works.</summary>
public sealed class BillingGuideTests(ServerFixture servers)
{
    private static readonly MarkdownDocument Guide = MarkdownDocument.Read("docs/billing.md");

    [Fact]
    public async Task Its_commands_work_in_their_order()
    {
        await using var billing = await BillingInstallation.Create(servers, TimeProvider.System.GetUtcNow());
        var app = await billing.CreateApp();
        var printed = await ChildProcess.Run(
            "bash",
            "-c",
            $"set -euo pipefail; export LATCHKEY_BILLING=on LATCHKEY_DATA='{billing.Installation.DataFolder}' "
                + $"LATCHKEY_DATABASE='{billing.Installation.DatabaseConnection}'; latchkey() {{ '{RepositoryPaths.Program}' \"$@\"; }}; "
                + string.Join('\n', Guide.Blocks("sh")).Replace("APPID", app, StringComparison.Ordinal)
        );
        printed.ShouldContain("Standard");
        printed.ShouldContain("Lima & Partners");
        printed.ShouldContain("\"currency\"");
        (await billing.Installation.Query<long>("SELECT budget FROM billing_accounts")).ShouldBe(25_000);
        (await billing.Installation.Query<string>("SELECT app_id FROM billing_assignments")).ShouldBe(app);
    }
}
