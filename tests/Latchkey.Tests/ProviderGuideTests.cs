using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Tests;

/// <summary>What docs/providers.md tells people to type works, in its order, and its table is the catalogue.</summary>
public sealed class ProviderGuideTests(ServerFixture servers)
{
    private static readonly MarkdownDocument Guide = MarkdownDocument.Read("docs/providers.md");

    [Fact]
    public async Task Its_commands_work_in_their_order()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        var folder = Directory.CreateTempSubdirectory("latchkey-guide-").FullName;
        var printed = await ChildProcess.Run(
            "bash",
            [
                "-c",
                $"set -euo pipefail; cd '{folder}'; latchkey() {{ '{RepositoryPaths.Program}' \"$@\"; }}\n"
                    + string.Join('\n', Guide.Blocks("sh")).Replace("APPID", app.Id, StringComparison.Ordinal),
            ],
            [("LATCHKEY_DATA", app.Installation.DataFolder), ("LATCHKEY_DATABASE", app.Installation.DatabaseConnection)]
        );
        Directory.Delete(folder, recursive: true);
        printed.ShouldContain($"/apps/{app.Id}/login/via/my-company/callback");
        printed.ShouldContain("emailTrust      whenverifiedclaim");
        var left = (await app.Installation.Run("provider", "list", app.Id, "--json")).ShouldSucceed().Json;
        left.EnumerateArray().Select(one => one.GetProperty("alias").GetString()).ShouldBe(["google", "github"], ignoreOrder: true);
        left.EnumerateArray().ShouldAllBe(one => one.GetProperty("hasSecret").GetBoolean());
    }

    [Fact]
    public void Its_table_is_the_catalogue()
    {
        var rows = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "docs", "providers.md"))
            .SkipWhile(line => line != "## All providers")
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        rows.ShouldBe(ProviderCatalogue.All.Select(Row));
    }

    private static string Row(ProviderTemplate template) =>
        $"| `{template.Key}` | {template.Name} | {string.Join(", ", template.Fields.Select(Field))} | {TrustOf(template)} | {template.EmailNote} |";

    private static string Field(ProviderField field) => field.IsOptional ? $"`{field.Name}` (optional)" : $"`{field.Name}`";

    private static string TrustOf(ProviderTemplate template) =>
        template is { Emails: null, Paths.Email.Count: 0 } ? "no address"
        : template.LetsChooseTrust ? $"`{template.EmailTrust.ToString().ToLowerInvariant()}`, or as you choose"
        : $"`{template.EmailTrust.ToString().ToLowerInvariant()}`";
}
