using System.Net.Http.Json;
using System.Text.Json;

namespace Latchkey.BrowserTests;

/// <summary>
/// Makes the pictures of docs/portal.md from a small demonstration; run by scripts/portal-screenshots, not with the tests.
/// </summary>
public sealed class Screenshots(BrowserFixture browser)
{
    private static readonly string Folder = Path.Combine(LatchkeyServer.Root, "docs", "portal");
    private static readonly (string Name, string City)[] People =
    [
        ("Grace Hopper", "New York"),
        ("Alan Turing", "London"),
        ("Katherine Johnson", "Hampton"),
        ("Edsger Dijkstra", "Rotterdam"),
        ("Barbara Liskov", "Cambridge"),
        ("Niklaus Wirth", "Zürich"),
        ("Margaret Hamilton", "Paoli"),
    ];

    /// <summary>The pictures of docs/portal.md: what a wide window shows first.</summary>
    [Fact(Explicit = true)]
    public async Task of_every_page() =>
        await Walk(
            ColorScheme.Light,
            1280,
            (page, name) =>
                page.ScreenshotAsync(
                    new()
                    {
                        Path = Path.Combine(Folder, $"{name}.jpg"),
                        Type = ScreenshotType.Jpeg,
                        Quality = 62,
                    }
                )
        );

    /// <summary>
    /// Every page whole, for somebody to look at: narrow and wide, light and dark; and its accessibility tree, as screen readers have it.
    /// They are in .build/portal-pages.
    /// </summary>
    [Theory(Explicit = true)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    [InlineData(ColorScheme.Dark, 1440)]
    public async Task to_look_at(ColorScheme scheme, int width)
    {
        var folder = Path.Combine(LatchkeyServer.Root, ".build", "portal-pages", $"{scheme}-{width}");
        await Walk(
            scheme,
            width,
            async (page, name) =>
            {
                // A frame below the window's edge is not drawn
                var height = await page.EvaluateAsync<int>("document.documentElement.scrollHeight");
                await page.SetViewportSizeAsync(width, height);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
                await page.SetViewportSizeAsync(width, 800);
                await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.txt"), await page.Locator("body").AriaSnapshotAsync());
            }
        );
    }

    /// <summary>Opens every page of a new installation.</summary>
    private async Task Walk(ColorScheme scheme, int width, Func<IPage, string, Task> take)
    {
        await using var server = await LatchkeyServer.Start();
        var page = await browser.Anonymous(scheme: scheme, url: server.Url);
        await page.SetViewportSizeAsync(width, 800);
        (string, string)[] open =
        [
            (server.SetupPath, "setup"),
            ("/portal/sign-in", "sign-in"),
            ("/portal/forgot", "forgot"),
            ("/portal/sign-up", "sign-up"),
        ];
        await Take(open);
        await page.SetUp(server);
        var app = await page.CreateApplication("Harbour Walks");
        await take(page, "created");
        await WriteTemplate(page, app);
        await Take(All(app, await Fill(server, page, app)));
        await server.SetProofOf(BrowserFixture.Email, DateTimeOffset.UnixEpoch);
        await Take([("/portal/account/password", "confirm")]);
        await Latchkey(server, "installation set secondFactor=required");
        await server.SetProofOf(BrowserFixture.Email, TimeProvider.System.GetUtcNow());
        await Take([("/portal", "required-factor")]);
        await page.Context.CloseAsync();

        await Latchkey(server, "installation set secondFactor=optional");
        page = await browser.Anonymous(scheme: scheme, url: server.LocalhostUrl);
        await page.SetViewportSizeAsync(width, 800);
        await VirtualAuthenticator.Add(page);
        await Take([("/portal/sign-in", "sign-in-with-passkey")]);
        await page.GetByLabel("E-mail address").FillAsync(BrowserFixture.Email);
        await page.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
        await Take([("/portal/account/passkeys", "add-passkey")]);
        await page.GetByLabel("Name").FillAsync("My laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        var saved = page.GetByRole(AriaRole.Link, new() { Name = "I have saved them" });
        await Assertions.Expect(saved).ToBeVisibleAsync();
        await take(page, "recovery-codes");
        await saved.ClickAsync();
        await Take([("/portal/account", "account-with-passkey"), ("/portal/account/passkeys", "passkeys")]);
        await page.GetByRole(AriaRole.Link, new() { Name = "My laptop" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove this passkey" })).ToBeVisibleAsync();
        await take(page, "passkey");
        await page.Context.CloseAsync();

        async Task Take(IEnumerable<(string Path, string Name)> pages)
        {
            foreach (var (path, name) in pages)
            {
                (await page.GotoAsync(path))!.Status.ShouldBe(200, path);
                await take(page, name);
            }
        }
    }

    /// <summary>People, wrong passwords, invitations, members and other applications; the id of one user.</summary>
    private static async Task<string> Fill(LatchkeyServer server, IPage page, CreatedApplication app)
    {
        await Latchkey(
            server,
            $"""app set {app.Id} signupFlow=none userNamesEnabled=1 anonymousLoginEnabled=1 locales=EN,DE,FR maxLoginAttempts=3 'metaData=[{"{"}"path":"user_data.name","fieldName":"name"{"}"},{"{"}"path":"user_data.city","fieldName":"city"{"}"}]'"""
        );
        foreach (var (name, city) in People)
        {
            await Latchkey(
                server,
                $"""user add {app.Id} {Handle(name)} --password-stdin --metadata '{"{"}"user_data":{"{"}"name":"{name}","city":"{city}"{"}"}{"}"}'""",
                "a-password-of-mine-1"
            );
        }

        await Latchkey(
            server,
            "developer create --email noor@developers.example --name 'Noor Haddad' --password-stdin",
            BrowserFixture.Password
        );
        await Latchkey(server, $"app member add {app.Id} --email noor@developers.example --role owner");
        foreach (var other in new[] { "Tide Tables", "Lighthouse", "Boat Share" })
        {
            await Latchkey(server, $"app create --name '{other}'");
        }

        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        http.DefaultRequestHeaders.Add("app-token", app.AppToken);
        foreach (var password in new[] { "a-password-of-mine-1", "wrong", "wrong", "a-password-of-mine-1" })
        {
            (await http.PostAsJsonAsync("/api/appuser/login", new { handle = Handle("Grace Hopper"), password })).Dispose();
        }

        await Store(server, http, app);
        await Link(server);
        (await http.PostAsJsonAsync("/api/appuser/loginAnonymous", new { handle = "ANON_6f1c2a7e-harbour" })).Dispose();
        (await http.PostAsJsonAsync("/api/appuser/forgotPassword", new { handle = Handle("Alan Turing") })).Dispose();
        await page.GotoAsync($"{app.Path}/users");
        return (
            await page.GetByRole(AriaRole.Link, new() { Name = Handle("Grace Hopper"), Exact = true }).GetAttributeAsync("href")
        )!.Split('/')[^1];
    }

    /// <summary>The mail with the signup code has a text of its own, which was saved twice.</summary>
    private static async Task WriteTemplate(IPage page, CreatedApplication app)
    {
        foreach (
            var (was, becomes) in new[] { ("Confirm your e-mail address", "Welcome to %APP_NAME%"), ("Enter this code", "Type this code") }
        )
        {
            await page.GotoAsync($"{app.Path}/templates/EN/signUp");
            var html = page.GetByLabel("HTML", new() { Exact = true });
            await html.FillAsync((await html.InputValueAsync()).Replace(was, becomes, StringComparison.Ordinal));
            await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByText("Saved. The next message uses it.")).ToBeVisibleAsync();
        }
    }

    /// <summary>A bucket that nobody asks, and three files of a user, of which one is not uploaded.</summary>
    private static async Task Store(LatchkeyServer server, HttpClient http, CreatedApplication app)
    {
        await Latchkey(
            server,
            $"storage set {app.Id} --endpoint https://s3.eu-central-1.amazonaws.com --region eu-central-1 --bucket harbour-walks "
                + "--key-id AKIAEXAMPLE --secret-stdin",
            "a-secret-of-the-bucket"
        );
        using var login = await http.PostAsJsonAsync(
            "/api/appuser/login",
            new { handle = Handle("Grace Hopper"), password = "a-password-of-mine-1" }
        );
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access-token").GetString();
        foreach (
            var (path, size) in new[]
            {
                ("walks/lighthouse.jpg", 2_345_678),
                ("walks/harbour at night.jpg", 845_000),
                ("seals.mp4", 30_500_000),
            }
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/appuser/createAsset");
            request.Headers.Add("access-token", token);
            var contentType = path.EndsWith("mp4", StringComparison.Ordinal) ? "video/mp4" : "image/jpeg";
            request.Content = JsonContent.Create(
                new
                {
                    path,
                    size,
                    contentType,
                }
            );
            (await http.SendAsync(request)).EnsureSuccessStatusCode().Dispose();
        }

        const string complete =
            "UPDATE storage_assets SET completed_at = created_at WHERE size < 3000000;"
            + "UPDATE storage_usage SET stored_bytes = 3190678, pending = 1;"
            + "UPDATE storage_totals SET stored_bytes = 3190678, pending = 1;";
        await Shell.Run($"python3 -c 'import sqlite3; sqlite3.connect(\"{server.DataFolder}/latchkey.db\").executescript(\"{complete}\")'");
    }

    /// <summary>Grace Hopper linked accounts of Google and Apple, used one, and has a passkey.</summary>
    private static Task<string> Link(LatchkeyServer server) =>
        Shell.Run(
            $"""
            python3 - <<'END'
            import sqlite3
            with sqlite3.connect("{server.DataFolder}/latchkey.db") as db:
                for provider, email, used in [("google", "grace@gmail.example", 1), ("apple", "8x2k4@privaterelay.appleid.example", None)]:
                    db.execute(
                        "INSERT INTO user_identities (app_id, id, user_id, provider, subject, email, created_at, last_used_at) "
                        "SELECT app_id, ?1, id, ?1, ?1, ?2, created_at, created_at * ?3 FROM users WHERE handle = ?4",
                        (provider, email, used, "{Handle("Grace Hopper")}"),
                    )
                db.execute(
                    "INSERT INTO passkeys (app_id, id, user_id, rp_id, credential_id, public_key, sign_count, transports, backup_eligible, "
                    "backed_up, aaguid, name, created_at, last_used_at) SELECT app_id, 'k', id, 'example.com', 'k', '', 0, 'internal', 1, "
                    "1, '', 'Grace''s phone', created_at, created_at FROM users WHERE handle = ?1",
                    ("{Handle("Grace Hopper")}",),
                )
            END
            """
        );

    private static string Handle(string name) => $"{name.ToLowerInvariant().Replace(' ', '.')}@example.com";

    private static Task<string> Latchkey(LatchkeyServer server, string command, string input = "") =>
        Shell.Run($"printf '%s\\n' '{input}' | {LatchkeyServer.Executable} {command} --data {server.DataFolder}");

    private static (string Path, string Name)[] All(CreatedApplication app, string user) =>
        [
            ("/portal", "applications"),
            ("/portal/applications/new", "new-application"),
            (app.Path, "overview"),
            ($"{app.Path}/settings/general", "settings"),
            ($"{app.Path}/settings/all", "settings-all"),
            ($"{app.Path}/settings/sign-up", "settings-sign-up"),
            ($"{app.Path}/settings/sign-in", "settings-sign-in"),
            ($"{app.Path}/providers", "settings-providers"),
            ($"{app.Path}/settings/second-factors", "settings-second-factors"),
            ($"{app.Path}/settings/passwords", "settings-passwords"),
            ($"{app.Path}/settings/metadata", "settings-metadata"),
            ($"{app.Path}/settings/tokens", "settings-tokens"),
            ($"{app.Path}/settings/limits", "settings-limits"),
            ($"{app.Path}/settings/messages", "settings-messages"),
            ($"{app.Path}/settings/compatibility", "settings-compatibility"),
            ($"{app.Path}/status/inactive", "status"),
            ($"{app.Path}/jwt-switch/off", "jwt-switch"),
            ($"{app.Path}/upgrade", "upgrade"),
            ($"{app.Path}/history", "history"),
            ($"{app.Path}/petition", "petition"),
            ($"{app.Path}/domains", "domains"),
            ($"{app.Path}/reset", "reset"),
            ($"{app.Path}/delete", "delete"),
            ($"{app.Path}/members", "members"),
            ($"{app.Path}/realm", "realm"),
            ($"{app.Path}/realm-users", "realm-users"),
            ($"{app.Path}/storage", "storage"),
            ($"{app.Path}/settings/metadata/fields/metaData", "field"),
            ($"{app.Path}/keys", "keys"),
            ($"{app.Path}/keys/signing", "signing-keys"),
            ($"{app.Path}/keys/tokens", "app-tokens"),
            ($"{app.Path}/keys/secrets", "app-secrets"),
            ($"{app.Path}/clients", "clients"),
            ($"{app.Path}/clients/new", "new-client"),
            ($"{app.Path}/clients/resources", "resources"),
            ($"{app.Path}/templates", "templates"),
            ($"{app.Path}/templates/EN/signUp", "template"),
            ($"{app.Path}/templates/EN/signUp/versions/1", "template-version"),
            ($"{app.Path}/locales", "locales"),
            ($"{app.Path}/users", "users"),
            ($"{app.Path}/users/anonymous", "anonymous"),
            ($"{app.Path}/users/invitations", "invitations"),
            ($"{app.Path}/users/invitations/new", "new-invitation"),
            ($"{app.Path}/users/signups", "signups"),
            ($"{app.Path}/users/new", "new-user"),
            ($"{app.Path}/users/{user}", "user"),
            ($"{app.Path}/users/{user}/password", "user-password"),
            ($"{app.Path}/users/{user}/delete", "user-delete"),
            ($"{app.Path}/logs", "logs"),
            ($"{app.Path}/logs/messages", "delivery"),
            ($"{app.Path}/mailbox", "mailbox"),
            ("/portal/account", "account"),
            ("/portal/account/email", "account-email"),
            ("/portal/account/password", "account-password"),
            ("/portal/account/authenticator", "authenticator"),
            ("/portal/operator", "operator-overview"),
            ("/portal/operator/log", "operator-log"),
            ("/portal/operator/applications", "operator-applications"),
            ($"/portal/operator/applications/{app.Id}", "operator-application"),
            ($"/portal/operator/applications/{app.Id}/status/blocked", "operator-status"),
            ("/portal/operator/petitions", "petitions"),
            ("/portal/operator/domains", "operator-domains"),
            ("/portal/operator/developers", "developers"),
            ("/portal/operator/joining", "joining"),
            ("/portal/operator/limits", "limits"),
            ("/portal/operator/providers", "providers"),
            ("/portal/operator/mailbox", "operator-mailbox"),
            ("/portal/operator/system", "system"),
        ];
}
