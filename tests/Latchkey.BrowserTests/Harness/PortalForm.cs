using AngleSharp.Html.Parser;

namespace Latchkey.BrowserTests.Harness;

/// <summary>A form as a page has it, to be sent by hand and in ways that a browser would not.</summary>
/// <param name="Action">Path and query.</param>
public sealed record PortalForm(string Action, IReadOnlyDictionary<string, string> Fields, string Cookies)
{
    public const string TokenField = "__RequestVerificationToken";

    /// <summary>All POST forms of a page.</summary>
    public static async Task<IReadOnlyList<PortalForm>> On(BrowserFixture installation, string path, string? cookie = null)
    {
        using var response = await installation.Get(path, cookie);
        var cookies = string.Join(
            "; ",
            (response.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(one => one.Split(';')[0]) : [])
                .Append(cookie ?? installation.SessionCookie)
                .Where(one => one.Length > 0)
        );
        var document = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
        return
        [
            .. document
                .QuerySelectorAll("form[method=post]")
                .Select(form => new PortalForm(
                    form.GetAttribute("action") is { Length: > 0 } action ? action : path,
                    form.QuerySelectorAll("input[name]")
                        .GroupBy(input => input.GetAttribute("name")!, StringComparer.Ordinal)
                        .ToDictionary(group => group.Key, group => group.Last().GetAttribute("value") ?? "", StringComparer.Ordinal),
                    cookies
                )),
        ];
    }

    public PortalForm With(string field, string value) =>
        this with
        {
            Fields = new Dictionary<string, string>(Fields, StringComparer.Ordinal) { [field] = value },
        };

    public PortalForm Without(string field) =>
        this with
        {
            Fields = Fields.Where(one => one.Key != field).ToDictionary(StringComparer.Ordinal),
        };

    public async Task<HttpResponseMessage> Send(BrowserFixture installation, string? origin = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(installation.Server.Url), Action))
        {
            Content = new FormUrlEncodedContent(Fields),
        };
        request.Headers.Add("Cookie", $"theme=none; {Cookies}");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await (client ?? installation.Http).SendAsync(request);
    }
}
