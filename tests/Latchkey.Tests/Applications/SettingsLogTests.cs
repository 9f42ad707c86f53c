using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Settings;

namespace Latchkey.Tests.Applications;

/// <summary>The log has every changed setting with what was before and after, and no secret.</summary>
public sealed class SettingsLogTests(ServerFixture servers)
{
    [Fact]
    public void Every_setting_is_there_with_before_and_after()
    {
        var old = new ApplicationSettings();
        var names = new List<string>();
        foreach (var setting in SettingCatalog.All)
        {
            var now = setting.Set(old, Another(setting, old)).Value.ShouldNotBeNull(setting.Name);
            var change = new SettingsChange(Row(old), Row(now), [setting.Name]).ChangesExcept("status").ShouldHaveSingleItem(setting.Name);
            change.ShouldBe(
                setting.Kind switch
                {
                    SettingKind.Secret => new AuditChange(setting.Name, "", "set"),
                    SettingKind.Fields => new AuditChange(setting.Name, "", "user_data.name as name, can edit, required"),
                    _ => new AuditChange(setting.Name, setting.Format(old), setting.Format(now)),
                }
            );
            names.Add(change.Name);
        }

        names.Count.ShouldBeGreaterThan(80);
    }

    [Fact]
    public async Task A_change_in_the_portal_and_on_the_command_line_is_shown_in_two_columns()
    {
        var app = await servers.Main.CreateApp("smtpPassword=an-old-canary", "emailExtension=1");
        using var editor = await PortalVisitor.Member(app, "editor");
        var path = $"/portal/applications/{app.Id}";
        await editor.Submit($"{path}/settings/messages", "settings", ("smtpHost", "post.example.com"), ("smtpPassword", "a-new-canary"));
        var roots = new string('x', 200);
        await app.Set($"googleHeading={roots[..60]}", "signupEnabled=0", $"appleBundleId={roots}");
        var log = await editor.Get($"{path}/logs?action=changeSettings");
        Rows(log)
            .ShouldBe([
                ("googleHeading", "–", roots[..60]),
                ("signupEnabled", "on", "off"),
                ("appleBundleId", "–", $"{roots[..60]}…{roots}"),
                ("smtpHost", "–", "post.example.com"),
                ("smtpPassword", "set", "changed"),
            ]);
        log.Text("nav[aria-label=Logs] [aria-current]").ShouldBe("Settings");
        var csv = (await editor.Get($"{path}/logs/csv?action=changeSettings")).Html;
        csv.ShouldContain("smtpHost: \"\"\"\" → \"\"post.example.com\"\"");
        (log.Html + csv).ShouldNotContain("canary");
    }

    [Fact]
    public async Task An_entry_of_an_earlier_version_reads_as_before()
    {
        var app = await servers.Main.CreateApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        await app.Set("signupEnabled=0");
        await app.Installation.Execute("UPDATE audit SET changes = NULL WHERE app_id = @Id", new { app.Id });
        var log = await viewer.Get($"/portal/applications/{app.Id}/logs?action=changeSettings");
        log.Text("#found").ShouldContain("signupEnabled: 1 → 0");
        Rows(log).ShouldBeEmpty();
    }

    [Fact]
    public async Task Metadata_fields_are_named_one_by_one()
    {
        var app = await servers.Main.CreateApp("""metaData=[{"path":"a","fieldName":"a"},{"path":"b","fieldName":"b"}]""");
        await app.Set("""metaData=[{"path":"a","fieldName":"a"},{"path":"b","fieldName":"b","required":1}]""");
        await app.Set("""metaData=[{"path":"b","fieldName":"b","required":1},{"path":"a","fieldName":"a"}]""");
        var stored = await app.Installation.Query<string>(
            $"SELECT {(Engine.IsPostgres ? "string_agg" : "group_concat")}(changes, '|') FROM "
                + "(SELECT changes FROM audit WHERE app_id = @Id AND action = 'changeSettings' ORDER BY at, id) lines",
            new { app.Id }
        );
        stored
            .Split('|')
            .Select(json => AuditChange.Read(json).ShouldHaveSingleItem())
            .ShouldBe([new("metaData", "b as b, can edit", "b as b, can edit, required"), new("metaData", "a\nb", "b\na")]);
    }

    private static IEnumerable<(string Setting, string Before, string After)> Rows(PortalResponse log) =>
        log
            .Document.QuerySelectorAll(".changed-values li")
            .Select(row => (row.QuerySelector("code")!.TextContent, Cell(row, "before"), Cell(row, "after")));

    private static string Cell(AngleSharp.Dom.IElement row, string name) =>
        string.Concat(row.QuerySelector($".{name} .value")!.TextContent.Where(c => !char.IsWhiteSpace(c)));

    private static ApplicationRow Row(ApplicationSettings settings) => new() { Settings = SettingsDocument.Write(settings) };

    /// <summary>A value that the setting does not have by default.</summary>
    private static string Another(Setting setting, ApplicationSettings old) =>
        setting.Kind switch
        {
            SettingKind.Switch => setting.Format(old) == "1" ? "0" : "1",
            SettingKind.Choice => setting.Choices.First(choice => choice != setting.Format(old)),
            SettingKind.Number or SettingKind.Hours => setting.Format(old) == "7" ? "8" : "7",
            SettingKind.Fields => """[{"path":"user_data.name","fieldName":"name","required":1}]""",
            SettingKind.Locales => "EN,DE",
            SettingKind.Secret => "sealed",
            _ => setting.Name switch
            {
                "secondFactors" => "sms",
                "loginLinkUrl" or "providerRedirectUris" => "https://app.example.com/back",
                "passkeyRpId" or "issuerDomain" => "auth.example.com",
                "passkeyOrigins" => "https://app.example.com",
                "appleApps" => "A1B2C3D4E5.com.example.app",
                "androidApps" => $"com.example.app={string.Join(':', Enumerable.Repeat("14", 32))}",
                "passkeyModels" => "ee882879-721c-4913-9775-3dfcce97072a",
                "passkeyRoots" => TestRoot(),
                "claimMappings" => "given_name=user_data.first",
                _ => "something",
            },
        };

    private static string TestRoot()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=Root",
            key,
            System.Security.Cryptography.HashAlgorithmName.SHA256
        );
        using var root = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(80));
        return root.ExportCertificatePem();
    }
}
