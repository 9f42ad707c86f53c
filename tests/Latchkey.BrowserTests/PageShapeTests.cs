namespace Latchkey.BrowserTests;

/// <summary>What every page has in common: its heading, the way to it, one thing to do first, and no need to scroll sideways.</summary>
public sealed class PageShapeTests(BrowserFixture installation)
{
    private const string Name = "Shape of a club with a long name";

    /// <summary>Buttons that look as the one to press: filled with the accent.</summary>
    private const string PrimaryButtons = """
        () => {
          const probe = document.createElement("button");
          document.querySelector("main").append(probe);
          const accent = getComputedStyle(probe).backgroundColor;
          probe.remove();
          return [...document.querySelectorAll("main button, main .button")]
            .filter(button => button.checkVisibility() && !button.matches(".unseen") && getComputedStyle(button).backgroundColor === accent)
            .map(button => button.textContent.trim());
        }
        """;

    [Theory]
    [InlineData(360)]
    [InlineData(390)]
    public async Task the_header_of_a_phone_has_two_lines(int width)
    {
        var page = await installation.SignedIn();
        await page.SetViewportSizeAsync(width, 800);
        var app = await page.CreateApplication(Name);
        foreach (var path in new[] { "/portal", "/portal/operator", "/portal/account", app.Path })
        {
            await page.GotoAsync(path);
            var (brand, search, name) = (await Middle(".top .brand"), await Middle(".top .search-all"), await Middle(".top .who .name"));
            var (pages, signOut) = (await Middle(".top nav a"), await Middle(".top .who button"));
            new[] { search, name }.ShouldAllBe(middle => Math.Abs(middle - brand) < 8, path);
            signOut.ShouldBe(pages, 8, path);
            pages.ShouldBeGreaterThan(brand, path);
        }

        await page.Context.CloseAsync();

        async Task<double> Middle(string selector)
        {
            var box = (await page.Locator(selector).First.BoundingBoxAsync())!;
            return box.Y + box.Height / 2;
        }
    }

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task every_page_says_what_it_is_and_how_one_came_there(int width)
    {
        var page = await installation.SignedIn();
        await page.SetViewportSizeAsync(width, 800);
        var app = await page.CreateApplication(Name);
        await page.AddField(app, "user_data.name");
        await page.SignUpUser(installation, app, "shape.of.pages@a-rather-long-domain-name.example.com");
        await page.GotoAsync($"{app.Path}/users");
        var user = await page.Locator(".users tbody a").First.GetAttributeAsync("href");
        List<string> wrong = [];
        foreach (var path in PageList.Of(app).Concat([user!, $"{user}/password", $"{user}/delete"]))
        {
            if ((await page.GotoAsync(path))!.Status != 200)
            {
                continue; // for members only
            }

            var headings = await page.Locator("main h1").AllTextContentsAsync();
            var title = await page.TitleAsync();
            var crumbs = await page.Locator("nav[aria-label=Breadcrumb]").CountAsync();
            var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
            var primary = await page.EvaluateAsync<string[]>(PrimaryButtons);
            var isOfApplication = path.StartsWith(app.Path, StringComparison.Ordinal);
            if (headings is not [var heading] || heading.Trim().Length == 0 || (isOfApplication && heading.Trim() == Name))
            {
                wrong.Add($"{path}: headings {string.Join(" | ", headings)}");
            }

            if (!title.EndsWith(" · Latchkey", StringComparison.Ordinal))
            {
                wrong.Add($"{path}: title {title}");
            }

            if (crumbs != 1)
            {
                wrong.Add($"{path}: {crumbs} breadcrumbs");
            }

            if (overflow > 0)
            {
                wrong.Add($"{path}: {overflow} px too wide");
            }

            if (primary.Length > 1)
            {
                wrong.Add($"{path}: primary buttons {string.Join(" | ", primary)}");
            }
        }

        wrong.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }
}
