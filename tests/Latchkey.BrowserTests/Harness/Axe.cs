using Deque.AxeCore.Commons;

namespace Latchkey.BrowserTests.Harness;

/// <summary>axe, the width of the page, and controls that the stylesheet forgot.</summary>
public static class Axe
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Runs axe in the page itself, and leaves it to its violations: RunAxe of the package takes twice as long, for a second page in which
    /// it puts frames together, and for describing what is in order. The one frame there is, a mail's own HTML, is a sandbox in which
    /// nothing runs, axe neither.
    /// </summary>
    private static readonly string Run = $$"""
        async () => {
          {{new BundledAxeScriptProvider().GetScript()}};
          const found = await axe.run(document, { iframes: false, resultTypes: ["violations"] });
          return found.violations.flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html}`));
        }
        """;

    private const string Settled = """
        () => Promise.allSettled(document.getAnimations()
          .filter(one => one.effect.getTiming().iterations !== Infinity)
          .map(one => one.finished))
        """;

    /// <summary>Controls that look as the browser made them: with its font, or its square corners.</summary>
    private const string Unstyled = """
        () => [...document.querySelectorAll("input:not([type=checkbox], [type=radio]), select, textarea, button")]
          .filter(control => control.offsetParent && !control.closest(".unseen"))
          .filter(control => {
            const style = getComputedStyle(control);
            const fonts = ["body", "code", "pre"].map(name => getComputedStyle(document.querySelector(name) ?? document.body).fontFamily);
            return style.borderTopLeftRadius === "0px" || !(fonts.includes(style.fontFamily) || style.fontFamily.startsWith("ui-monospace"));
          })
          .map(control => control.outerHTML.slice(0, 200))
        """;

    /// <summary>As <see cref="CheckAccessibility"/>, where the page runs scripts; without them axe cannot run.</summary>
    public static Task CheckWhenScripted(this IPage page, bool scripts, string name) =>
        scripts ? page.CheckAccessibility(name) : Task.CompletedTask;

    /// <param name="name">Of the page, for the message when something is found.</param>
    public static async Task CheckAccessibility(this IPage page, string name)
    {
        // Colours are judged when all style sheets are there and nothing fades from one to another any more
        await page.WaitForLoadStateAsync(LoadState.Load);
        await page.EvaluateAsync(Settled);
        // axe waits for timers, which a page without scripts never calls
        (await page.EvaluateAsync<string[]>(Run).WaitAsync(MaxWait)).ShouldBeEmpty(name);
        (await page.EvaluateAsync<string[]>(Unstyled)).ShouldBeEmpty(name);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, name);
    }
}
