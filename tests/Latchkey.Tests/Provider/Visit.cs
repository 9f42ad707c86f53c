using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Latchkey.Tests.Provider;

/// <summary>Where a browser came to: a page of the server, or an address elsewhere that it was sent to.</summary>
/// <param name="Status">Of the last answer.</param>
/// <param name="Url">Of the page; of the answer that sent the browser away.</param>
/// <param name="Html">The page.</param>
/// <param name="Headers">Of the last answer.</param>
/// <param name="Away">The address elsewhere; null while the browser is still here.</param>
/// <param name="Steps">The status of each answer on the way.</param>
public sealed record Visit(
    HttpStatusCode Status,
    Uri Url,
    string Html,
    IReadOnlyDictionary<string, string> Headers,
    string? Away,
    IReadOnlyList<HttpStatusCode> Steps
)
{
    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(Html);

    /// <summary>The name of the page: its path below the issuer.</summary>
    public string Page => string.Join('/', Url.AbsolutePath.Split('/').Skip(3));

    public string Text => Document.Body?.TextContent ?? "";

    public string Heading => Document.QuerySelector("h1")?.TextContent ?? "";

    /// <summary>A parameter of the answer at the client; null if it is not there.</summary>
    public string? this[string name] => QueryOf(Away ?? throw new InvalidOperationException($"still at {Url}: {Text}"), name);

    public string Code => this["code"] ?? throw new InvalidOperationException($"no code in {Away}");

    public string? Error => Away is null ? null : this["error"];

    /// <summary>The error at the client, in an answer as every client expects it (CM-09).</summary>
    public Visit ShouldBeRefused(ProviderApp provider, string error, string redirectUri = ProviderApp.RedirectUri)
    {
        Away.ShouldNotBeNull(Text).ShouldStartWith(redirectUri);
        this["error"].ShouldBe(error, Away);
        this["code"].ShouldBeNull();
        this["iss"].ShouldBe(provider.Issuer);
        var names = new Uri(Away!).Query.TrimStart('?').Split('&').Select(pair => pair.Split('=')[0]);
        names
            .Except(new Uri(redirectUri).Query.TrimStart('?').Split('&').Select(pair => pair.Split('=')[0]))
            .ShouldBeSubsetOf(["error", "error_description", "state", "iss"]);
        this["error_description"].ShouldNotBeNull().ShouldAllBe(c => c >= ' ' && c <= '~' && c != '"' && c != '\\');
        return this;
    }

    /// <summary>The page that a user sees of an error that no client is told.</summary>
    public Visit ShouldBeErrorPage(string error)
    {
        Away.ShouldBeNull();
        Status.ShouldBe(HttpStatusCode.BadRequest);
        Text.ShouldContain(error);
        return this;
    }

    public Visit ShouldBePage(string page)
    {
        Away.ShouldBeNull($"sent away: {Away}");
        Page.ShouldBe(page, Text);
        return this;
    }

    /// <summary>Sent to the client with a code (CM-03).</summary>
    public Visit ShouldHaveCode(ProviderApp provider, string redirectUri = ProviderApp.RedirectUri)
    {
        Away.ShouldNotBeNull($"{Url}: {Text}").ShouldStartWith(redirectUri);
        this["error"].ShouldBeNull(Away);
        this["code"].ShouldNotBeNull();
        this["iss"].ShouldBe(provider.Issuer);
        return this;
    }

    /// <summary>The form that has this button, or the only one.</summary>
    public IElement Form(string? action) =>
        action is null
            ? Document.QuerySelector("form") ?? throw new InvalidOperationException($"no form: {Text}")
            : Document.QuerySelector($"button[value={action}]")?.Closest("form")
                ?? throw new InvalidOperationException($"no button {action}: {Text}");

    private static string? QueryOf(string url, string name) =>
        new Uri(url)
            .Query.TrimStart('?')
            .Split('&')
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair[0] == name)
            .Select(pair => Uri.UnescapeDataString(pair[1]))
            .FirstOrDefault();
}
