namespace Latchkey.BrowserTests.Harness;

/// <summary>Every page of the portal, so that what holds for all of them is checked on all of them.</summary>
public static class Pages
{
    public static IReadOnlyList<string> Open { get; } = ["/", "/portal/sign-in", "/portal/sign-in?signedOut=1", "/portal/setup?token=dead", "/no-such-page", "/portal/no-such-page"];

    public static IReadOnlyList<string> Of(CreatedApplication app, string? mailId = null)
    {
        string[] pages =
        [
            "/portal", "/portal?search=nothing-like-it", "/portal/applications/new", "/portal/mailbox", "/portal/mailbox?search=nobody@example.com",
            app.Path, $"{app.Path}?saved=1", $"{app.Path}/jwt", $"{app.Path}/jwt?saved=tokens", $"{app.Path}/jwt/fields/metaData", $"{app.Path}/jwt/fields/metaData?path=user_data.name",
            $"{app.Path}/users", $"{app.Path}/users?search=nobody", $"{app.Path}/keys", $"{app.Path}/mailbox",
        ];
        return mailId is null ? pages : [.. pages, $"/portal/mailbox/{mailId}", $"{app.Path}/mailbox/{mailId}"];
    }
}
