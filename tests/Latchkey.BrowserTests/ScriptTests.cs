using System.Net.Http.Json;
using System.Text.Json;
using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests;

public sealed class ScriptTests(BrowserFixture installation)
{
    private static readonly string[] Payloads =
    [
        "<script>window.hit=1</script>",
        "\"><img src=x onerror=window.hit=1>",
        "'><svg onload=window.hit=1>",
        "</title><script>window.hit=1</script>",
        "</textarea><script>window.hit=1</script>",
        "javascript:window.hit=1",
        "{{constructor.constructor('window.hit=1')()}}",
        "<iframe srcdoc=\"<script>parent.hit=1</script>\">",
        "@(window.hit=1)",
        "\u003cscript\u003ewindow.hit=1\u003c/script\u003e\u202E",
    ];

    [Fact]
    public async Task what_people_store_is_shown_and_never_run()
    {
        var page = await installation.SignedIn();
        var hits = 0;
        page.Dialog += (_, _) => hits++;
        var policy = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                policy.Add($"{page.Url}: {message.Text}");
            }
        };
        foreach (var (payload, index) in Payloads.Select((payload, index) => (payload, index)))
        {
            // A name can hold neither a link nor a character that turns the text around
            var name = payload
                .Replace("javascript:", "javascript;", StringComparison.Ordinal)
                .Replace("\u202E", "", StringComparison.Ordinal);
            var app = await page.CreateApplication(name);
            await page.AddField(app, "user_data.name");
            await page.SignUpUser(
                installation,
                app,
                $"o'{{hit}}=`{index}`|$&{index}@example.com",
                System.Text.Json.JsonSerializer.Serialize(new { user_data = new { name = payload } })
            );
            await page.GotoAsync($"{app.Path}/mailbox");
            var mail = (await page.Locator(".mails a").First.GetAttributeAsync("href"))!.Split('/').Last();
            // Every page shows a third of the payloads, so that each of them is on a third of the pages, and all are where names are
            // listed.
            foreach (
                var path in PageList
                    .Of(app, mail)
                    .Where((_, place) => place % 3 == index % 3)
                    .Append($"/portal?search={Uri.EscapeDataString(payload)}")
                    .Append($"{app.Path}/users?search={Uri.EscapeDataString(payload)}")
            )
            {
                await page.GotoAsync(path);
                (await page.EvaluateAsync<bool>("window.hit === undefined")).ShouldBeTrue($"{payload} on {path}");
            }

            await page.GotoAsync($"{app.Path}/mailbox/{mail}/html");
            await page.GotoAsync(app.Path);
            (await page.TextContentAsync(".switcher summary")).ShouldBe(name);
        }

        hits.ShouldBe(0);
        policy.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task naughty_strings_in_every_stored_field_run_nothing()
    {
        var strings = JsonSerializer
            .Deserialize<string[]>(await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.TestData, "vectors", "blns.json")))!
            .Where(text => text.Length > 0)
            .ToList();
        var markup = strings
            .Where(text => text.Contains('<', StringComparison.Ordinal) || text.Contains("script", StringComparison.OrdinalIgnoreCase))
            .ToList();
        markup.Count.ShouldBeGreaterThan(150);
        await using var server = await LatchkeyServer.Start("--limits", "off");
        var page = await installation.Anonymous(url: server.Url);
        await page.SetUp(server);
        var app = await page.CreateApplication(markup[0]);
        await page.AddField(app, "user_data.name");
        await Fill(server, app, strings);
        var hits = 0;
        page.Dialog += async (_, dialog) =>
        {
            hits++;
            await dialog.DismissAsync();
        };
        var seen = 0;
        var people = new List<string>();
        for (var list = $"{app.Path}/users"; list is not null; list = await Next(page, "Next"))
        {
            await Show(list);
            people.AddRange(
                await page.Locator(".users tbody a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))")
            );
        }

        people.Count.ShouldBeGreaterThan(300);
        foreach (var person in people.Where((_, place) => TestScale.IsLong || place % 40 == 0))
        {
            await Show(person);
        }

        for (var list = $"{app.Path}/logs"; list is not null; list = await Next(page, "Older"))
        {
            await Show(list);
        }

        foreach (var name in markup.Where((_, place) => place % TestScale.Size(60, 3) == 1))
        {
            // A name cannot hold a link
            var allowed = name.Replace(':', ';').Replace('@', ' ').Replace('.', ',');
            await server.Command("", "app", "create", "--name", allowed.Length > 100 ? allowed[..100] : allowed);
        }

        foreach (var path in PageList.Of(app).Append("/portal?sort=name"))
        {
            await Show(path);
        }

        hits.ShouldBe(0);
        TestScale.RecordFigure(
            35,
            $"{strings.Count} naughty strings as metadata and in logs, some as names: {seen} pages in Chromium, 0 scripts ran"
        );
        await page.Context.CloseAsync();

        async Task Show(string path)
        {
            await page.GotoAsync(path);
            (await page.Locator("h1, h2").CountAsync()).ShouldBePositive(path);
            seen++;
        }
    }

    /// <summary>Users whose metadata the strings are, and refused logins under them as handles.</summary>
    private async Task Fill(LatchkeyServer server, CreatedApplication app, IReadOnlyList<string> strings)
    {
        var file = Path.Combine(server.DataFolder, "naughty.jsonl");
        await File.WriteAllLinesAsync(
            file,
            strings.Select(
                (text, i) =>
                    JsonSerializer.Serialize(
                        new { handle = $"user{i}@example.com", metaData = new Dictionary<string, string> { ["user_data.name"] = text } }
                    )
            )
        );
        await server.Command("", "user", "import", app.Id, file, "--skip-bad");
        await Parallel.ForEachAsync(
            strings,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (text, stop) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Url}/api/appuser/completeSignup")
                {
                    Content = JsonContent.Create(new { handle = text, code = text }),
                };
                request.Headers.Add("app-token", app.AppToken);
                using var response = await installation.Http.SendAsync(request, stop);
                ((int)response.StatusCode).ShouldBe(400);
            }
        );
    }

    private static async Task<string?> Next(IPage page, string name) =>
        await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).CountAsync() > 0
            ? await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First.GetAttributeAsync("href")
            : null;
}
