using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Tenancy;

/// <summary>The routes of the portal filled with a tenant's ids, and the forms on its pages.</summary>
internal static class PortalForms
{
    public const string Token = "__RequestVerificationToken";

    /// <summary>Pages that people open before they sign in, or that belong to no application.</summary>
    public static bool IsOfTenant(MappedRoute route) => route.IsPortal && route.Pattern.Contains('{', StringComparison.Ordinal);

    /// <summary>The route with ids; a parameter that no tenant has fails here: give <see cref="Tenant"/> one of it.</summary>
    public static string Path(MappedRoute route, IReadOnlyDictionary<string, string> ids, string? appId = null) =>
        route.Fill(name =>
            appId is not null && name.Equals("AppId", StringComparison.OrdinalIgnoreCase) ? appId
            : ids.TryGetValue(name, out var id) ? id
            : throw new KeyNotFoundException($"{route} has the parameter {name}, which Tenant.Ids does not fill")
        );

    /// <summary>
    /// All forms that the page at a path sends to itself, with their fields and every button's value. Those that a list sends to the pages
    /// of its rows are the forms of those pages.
    /// </summary>
    public static async Task<IReadOnlyList<Dictionary<string, string>>> ReadForms(PortalClient visitor, string path)
    {
        var document = new HtmlParser().ParseDocument((await visitor.Get(path)).Text);
        return
        [
            .. document
                .QuerySelectorAll("form[method=post]")
                .Cast<IHtmlFormElement>()
                .Where(form => form.QuerySelector("input[name=_handler]") is not null && form.QuerySelector("input[name=list]") is null)
                .SelectMany(Sendings),
        ];
    }

    /// <summary>
    /// Sends each form of a page without its token, with one that nobody gave out, and from another site: refused every time. Gives
    /// the one form as the page has it, for it to be sent in good faith afterwards.
    /// </summary>
    public static async Task<Dictionary<string, string>> ReadHarmlessFields(PortalClient visitor, string path)
    {
        var form = (await ReadForms(visitor, path)).ShouldHaveSingleItem();
        var bare = form.Where(field => field.Key != Token).ToDictionary(StringComparer.Ordinal);
        foreach (
            var (fields, origin) in new (Dictionary<string, string>, string?)[]
            {
                (bare, null),
                (new(bare, StringComparer.Ordinal) { [Token] = "djEu" }, null),
                (form, "https://evil.example"),
                (form, "null"),
            }
        )
        {
            visitor.Origin = origin;
            (await visitor.Send(path, fields)).Status.ShouldBe(System.Net.HttpStatusCode.BadRequest, $"{path} {origin}");
        }

        visitor.Origin = null;
        return form;
    }

    /// <summary>One sending a button that has a name, or one in all.</summary>
    private static IEnumerable<Dictionary<string, string>> Sendings(IHtmlFormElement form)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in form.QuerySelectorAll("input[name], textarea[name], select[name]"))
        {
            fields[field.GetAttribute("name")!] =
                field is IHtmlTextAreaElement area ? area.Value
                : field is IHtmlSelectElement select ? select.Value ?? ""
                : field.GetAttribute("value") ?? "";
        }

        var buttons = form.QuerySelectorAll("button[name]").ToList();
        return buttons.Count == 0
            ? [fields]
            : buttons.Select(button => new Dictionary<string, string>(fields, StringComparer.Ordinal)
            {
                [button.GetAttribute("name")!] = button.GetAttribute("value") ?? "",
            });
    }
}
