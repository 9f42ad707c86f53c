using System.Net;

namespace Latchkey.Tests.Storage;

/// <summary>The tab Storage and its button, and the command that sets the same.</summary>
public sealed class StorageSettingsTests(ServerFixture servers, S3Server s3) : IClassFixture<S3Server>
{
    [Fact]
    public async Task The_tab_stores_the_bucket_and_the_button_says_that_it_works()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        using var owner = await PortalVisitor.Member(app, "owner");
        var saved = await owner.SubmitAndFollow(Page(app), "save", Fields());
        saved.Text(".notice").ShouldContain("Saved");
        saved.Html.ShouldNotContain(S3Server.Key + "\" type=\"password");

        var tested = await owner.Submit(Page(app), "test", ("origin", S3Server.WebApp));
        tested.Text(".report h3").ShouldBe("The bucket works");
        tested
            .Document.QuerySelectorAll(".checks li")
            .Select(step => step.QuerySelector("strong")!.TextContent)
            .ShouldBe(["Write", "Read", "Delete", "CORS"]);
        s3.Keys.ShouldAllBe(key => !key.Contains("latchkey-test"));
        await (await app.CreateUser("ann@example.com")).Upload();
        (await owner.Get($"/portal/applications/{app.Id}")).Text("dl.headline").ShouldContain("Files stored");
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action IN ('changeStorage', 'testStorage') AND code = 0",
                new { app.Id }
            )
        ).ShouldBe(2);
    }

    [Theory]
    [InlineData("keyId", "NOBODY", "The storage does not know this key id.")]
    [InlineData("secret", "not-its-secret", "The secret does not belong to this key id.")]
    [InlineData("bucket", "no-such-bucket", "There is no bucket named no-such-bucket")]
    [InlineData("endpoint", "http://127.0.0.1:1", "127.0.0.1:1 does not answer.")]
    [InlineData("endpoint", "http://no-such-host.invalid", "There is no host named no-such-host.invalid.")]
    public async Task What_is_wrong_with_a_bucket_is_said_in_a_sentence_and_nothing_is_left_in_it(
        string field,
        string value,
        string sentence
    )
    {
        var app = await servers.Main.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        (await owner.Submit(Page(app), "save", Fields((field, value)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var tested = await owner.Submit(Page(app), "test");
        tested.Text(".checks").ShouldContain(sentence);
        tested.Text(".checks strong").ShouldBe("Write");
        s3.Keys.ShouldAllBe(key => !key.StartsWith(app.Id));
    }

    [Fact]
    public async Task A_bucket_that_refuses_names_the_permission_that_is_missing()
    {
        await using var bucket = new LoopbackListener(stream =>
            StorageFlows.Answer(stream, "403 Forbidden", "<Error><Code>AccessDenied</Code></Error>")
        );
        var app = await servers.Main.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        await owner.Submit(Page(app), "save", Fields(("endpoint", $"http://127.0.0.1:{bucket.Port}")));
        (await owner.Submit(Page(app), "test")).Text(".checks").ShouldContain("Give it the permission s3:PutObject.");
    }

    /// <summary>An endpoint can be anything inside the operator's network: its answer must not be shown.</summary>
    [Fact]
    public async Task The_text_of_an_answer_is_never_shown_and_a_redirect_is_not_followed()
    {
        const string inside = "inside-of-the-network";
        await using var host = new LoopbackListener(stream =>
            StorageFlows.Answer(
                stream,
                $"302 Found\r\nLocation: http://127.0.0.1:1/{inside}",
                $"<Error><Code>{inside}</Code></Error>{inside}"
            )
        );
        var app = await servers.Main.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        await owner.Submit(Page(app), "save", Fields(("endpoint", $"http://127.0.0.1:{host.Port}")));
        var tested = await owner.Submit(Page(app), "test");
        tested.Text(".checks").ShouldContain("The storage answered 302.");
        tested.Html.ShouldNotContain(inside);
    }

    [Theory]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://169.254.169.254")]
    [InlineData("https://[::1]")]
    [InlineData("https://10.0.0.1:9000")]
    [InlineData("https://localhost")]
    public async Task An_address_inside_the_operators_network_is_not_asked(string endpoint)
    {
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation, [], [("LATCHKEY_OUTBOUND_NETWORKS", "192.0.2.0/24")]);
        var app = await server.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        (await owner.Submit(Page(app), "save", Fields(("endpoint", endpoint)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await owner.Submit(Page(app), "test")).Text(".checks").ShouldContain("is not on the public internet");
    }

    [Fact]
    public async Task Without_https_an_endpoint_is_taken_only_where_the_operator_allows_networks()
    {
        var app = await servers.Main.CreateApp();
        string[] command = ["storage", "set", app.Id, "--endpoint", "http://s3.example.com", "--bucket", "files", "--key-id", "K"];
        var refused = await app.Installation.RunWithInput("secret", [.. command, "--secret-stdin"]);
        refused.ShouldFail("--endpoint: The address must begin with https.");
        (await app.RunStorage("secret", [.. command[1..], "--secret-stdin"])).ShouldSucceed();
    }

    [Fact]
    public async Task A_web_app_that_the_buckets_rules_leave_out_is_named()
    {
        var app = await servers.Main.CreateApp();
        await app.SetUpStorage(s3);
        using var owner = await PortalVisitor.Member(app, "owner");
        var tested = await owner.Submit(Page(app), "test", ("origin", "https://other.example.com"));
        tested.Text(".checks").ShouldContain("CORS rules do not allow PUT with Content-Type from https://other.example.com");
        (await owner.Submit(Page(app), "test", ("origin", "https://other.example.com/path")))
            .Text("#field-origin-error")
            .ShouldContain("without a path");
    }

    [Theory]
    [InlineData("endpoint", "ftp://s3.example.com")]
    [InlineData("endpoint", "https://user:password@s3.example.com")]
    [InlineData("endpoint", "https://s3.example.com/bucket")]
    [InlineData("endpoint", "https://s3.example.com?x=1")]
    [InlineData("endpoint", "s3.example.com")]
    [InlineData("endpoint", "http://192.0.2.1")]
    [InlineData("endpoint", "http://[2001:db8::1]")]
    [InlineData("bucket", "../other")]
    [InlineData("bucket", "UPPER")]
    [InlineData("bucket", "two..dots")]
    [InlineData("region", "us east")]
    [InlineData("keyId", "two words")]
    [InlineData("keyId", "")]
    [InlineData("secret", "two words")]
    [InlineData("prefix", "..")]
    [InlineData("prefix", "a//b")]
    [InlineData("prefix", "a/../b")]
    [InlineData("prefix", "ä")]
    [InlineData("prefix", "")]
    [InlineData("contentTypes", "image")]
    [InlineData("contentTypes", "*/png")]
    [InlineData("linkHours", "169")]
    [InlineData("linkHours", "-1")]
    [InlineData("maxMegabytes", "0")]
    [InlineData("userMegabytes", "1.5")]
    [InlineData("appMegabytes", "99999999999999999999")]
    public async Task A_wrong_value_is_explained_beside_its_field_and_nothing_is_stored(string field, string value)
    {
        var app = await servers.Main.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        var refused = await owner.Submit(Page(app), "save", Fields((field, value)));
        refused.Text($"#field-{field}-error").ShouldNotBeEmpty();
        refused.Document.QuerySelectorAll(".field.wrong").Length.ShouldBe(1);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM storage_settings WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task The_secret_is_sealed_and_kept_only_for_the_endpoint_and_key_that_it_was_typed_for()
    {
        const string secret = "a-secret-that-nobody-may-see";
        var app = await servers.Main.CreateApp();
        (await app.SetStorage(s3, secret)).ShouldSucceed();
        (
            await app.Installation.Query<string>("SELECT secret_sealed FROM storage_settings WHERE app_id = @Id", new { app.Id })
        ).ShouldStartWith("v1.");
        using var owner = await PortalVisitor.Member(app, "owner");
        (await owner.Get(Page(app))).Html.ShouldNotContain(secret);
        (await owner.Submit(Page(app), "save", ("linkHours", "2"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        foreach (var (field, value) in new[] { ("endpoint", "https://evil.example.com"), ("keyId", "ANOTHER") })
        {
            (await owner.Submit(Page(app), "save", (field, value))).Text("#field-secret-error").ShouldContain("Enter the secret");
        }

        var log = await app.Installation.Query<string>(
            "SELECT MIN(detail) || MAX(detail) FROM audit WHERE app_id = @Id AND action = 'changeStorage'",
            new { app.Id }
        );
        log.ShouldContain("linkHours: 2");
        log.ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_viewer_sees_the_bucket_and_cannot_change_or_test_it()
    {
        var app = await servers.Main.CreateApp();
        await app.SetUpStorage(s3);
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = await viewer.Get(Page(app));
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Document.QuerySelectorAll("main form").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_users_page_lists_the_files_and_leads_to_them_by_a_link_that_ends()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.SetUpStorage(s3);
        var ann = await app.CreateUser("ann@example.com");
        var asset = await ann.Upload("script alert(x)'&amp;.png", new { cuts = """[{"name":"preview","size":3}]""" });
        using var owner = await PortalVisitor.Member(app, "owner");
        var path = $"/portal/applications/{app.Id}/users/{ann.Id()}";
        var page = await owner.Get(path);
        page.Text("#files th[scope=row]").ShouldContain("script alert(x)'&amp;.png");
        var link = page.Document.QuerySelector("#files .controls a")!.GetAttribute("href")!;
        link.ShouldEndWith("part=preview");
        var opened = await owner.Get(link);
        opened.Location.ShouldContain("X-Amz-Expires=300");
        using var read = await S3Server.Get(opened.Location);
        (await read.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length.ShouldBe(3);
        (await owner.Get($"{path}/files/{asset.Id()}?part=..")).Status.ShouldBe(HttpStatusCode.NotFound);
        var bob = await app.CreateUser("bob@example.com");
        (await owner.Get($"/portal/applications/{app.Id}/users/{bob.Id()}/files/{asset.Id()}")).Status.ShouldBe(HttpStatusCode.NotFound);

        (await owner.SubmitAndFollow(path, $"remove-file-{asset.Id()}")).Text(".notice").ShouldContain("The file is removed");
        await s3.WaitUntilGone($"{app.Id}/");
    }

    [Fact]
    public async Task The_command_tests_a_bucket_too()
    {
        var app = await servers.Main.CreateApp();
        (await app.RunStorage("", "test", app.Id)).ShouldFail("Save its settings first");
        await app.SetUpStorage(s3);
        (await app.RunStorage("", "test", app.Id, "--origin", S3Server.WebApp))
            .ShouldSucceed()
            .Output.ShouldBe("Write: works\nRead: works\nDelete: works\nCORS: works\n");
        (await app.SetStorage(s3, "wrong")).ShouldSucceed();
        var failed = await app.RunStorage("", "test", app.Id);
        failed.ExitCode.ShouldBe(1);
        failed.Output.ShouldContain("Write: The secret does not belong to this key id.");
        (await app.RunStorage("", "set", app.Id, "--link-hours", "999")).ShouldFail("--link-hours: Enter a whole number");
    }

    private static string Page(App app) => $"/portal/applications/{app.Id}/storage";

    private (string Name, string Value)[] Fields(params (string Name, string Value)[] changed) =>
        [
            ("enabled", "1"),
            ("endpoint", s3.EndpointText),
            ("region", "us-east-1"),
            ("bucket", S3Server.Bucket),
            ("keyId", S3Server.Key),
            ("secret", S3Server.Key),
            ("pathStyle", "1"),
            .. changed,
        ];
}
