namespace Latchkey.BrowserTests;

public sealed class ScriptTests(Installation installation)
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
            var app = await page.CreateApplication(payload);
            await page.AddField(app, "user_data.name");
            await page.SignUpUser(installation, app, $"o'{{hit}}=`{index}`|$&{index}@example.com", System.Text.Json.JsonSerializer.Serialize(new { user_data = new { name = payload } }));
            await page.GotoAsync($"{app.Path}/mailbox");
            var mail = (await page.Locator(".mails a").First.GetAttributeAsync("href"))!.Split('/').Last();
            // Every page shows a third of the payloads, so that each of them is on a third of the pages, and all are where names are listed.
            foreach (var path in Pages.Of(app, mail).Where((_, place) => place % 3 == index % 3).Append($"/portal?search={Uri.EscapeDataString(payload)}").Append($"{app.Path}/users?search={Uri.EscapeDataString(payload)}"))
            {
                await page.GotoAsync(path);
                (await page.EvaluateAsync<bool>("window.hit === undefined")).ShouldBeTrue($"{payload} on {path}");
            }

            await page.GotoAsync($"{app.Path}/mailbox/{mail}/html");
            await page.GotoAsync(app.Path);
            (await page.TextContentAsync("h1")).ShouldBe(payload);
        }

        hits.ShouldBe(0);
        policy.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }
}
