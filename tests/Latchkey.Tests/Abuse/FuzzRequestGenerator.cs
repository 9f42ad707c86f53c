using System.Text;
using System.Text.Json;
using Latchkey.Tests.Tenancy;

namespace Latchkey.Tests.Abuse;

/// <summary>
/// What nobody should send, made from a seed: every route with odd methods, paths, queries, headers, tokens, bodies and encodings.
/// </summary>
/// <param name="victim">Its ids, handles and broken tokens are used; its good tokens never.</param>
/// <param name="stranger">Its ids and good tokens are used.</param>
/// <param name="forms">Forms of the stranger's portal pages, by path, with a good antiforgery token.</param>
internal sealed class FuzzRequestGenerator(
    int seed,
    Tenant victim,
    Tenant stranger,
    IReadOnlyList<(string Path, Dictionary<string, string> Fields)> forms
)
{
    private static readonly string[] Naughty = JsonSerializer.Deserialize<string[]>(
        File.ReadAllText(Path.Combine(RepositoryPaths.TestData, "vectors", "blns.json"))
    )!;
    private static readonly string[] Methods =
    [
        "GET",
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "HEAD",
        "OPTIONS",
        "TRACE",
        "PROPFIND",
        "post",
        "FOO",
    ];
    private static readonly string[] MediaTypes =
    [
        "application/json",
        "application/json; charset=utf-16",
        "application/vnd.api+json",
        "text/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=latin1",
        "multipart/form-data; boundary=b",
        "multipart/form-data",
        "application/octet-stream",
        "application/json;;;",
        "x",
        "*/*",
        "application/xml",
    ];
    private static readonly string[] Fields =
    [
        "handle",
        "password",
        "code",
        "metaData",
        "locale",
        "loginToken",
        "method",
        "deviceToken",
        "rememberDevice",
        "provider",
        "token",
        "nonce",
        "senderUserId",
        "newPassword",
        "userName",
        "phone",
        "twoFactor",
        "everywhere",
        "search",
        "status",
        "cursor",
        "limit",
        "appToken",
        "sort",
        "after",
        "before",
        "page",
        "days",
        "from",
        "to",
        "action",
        "result",
        "recipient",
        "path",
        "returnUrl",
        "saved",
        "done",
        "reset",
        "_handler",
        "email",
        "name",
        "role",
        "appId",
        "__proto__",
    ];
    private static readonly string[] HeaderNames =
    [
        "Accept",
        "Accept-Language",
        "Accept-Encoding",
        "Origin",
        "Referer",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "Forwarded",
        "X-HTTP-Method-Override",
        "X-Original-URL",
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "Cookie",
        "Authorization",
        "Sec-Fetch-Site",
        "Content-Language",
        "Access-Control-Request-Method",
        "traceparent",
        "baggage",
        "Upgrade",
        "blazor-enhanced-nav",
        "User-Agent",
        "Content-Encoding",
    ];
    private static readonly MappedRoute[] Api = [.. MappedRoutes.All.Where(route => route.IsApi)];
    private static readonly MappedRoute[] Portal =
    [
        .. MappedRoutes.All.Where(route => route.IsPortal && route.Pattern != "/portal/sign-out"),
    ];
    private static readonly MappedRoute[] Rest = [.. MappedRoutes.All.Where(route => !route.IsApi && !route.IsPortal)];

    /// <summary>All routes, each of which the requests of the first numbers go to, as they are mapped.</summary>
    public static IReadOnlyList<MappedRoute> Routes { get; } = [.. Api, .. Portal, .. Rest];

    /// <summary>The request of this number: the same for the same seed, whatever was asked before.</summary>
    public HttpRequestMessage Make(ServerProcess server, int number)
    {
        var draw = new SeededRandom(unchecked((seed * 1_000_003) + number));
        if (number >= Routes.Count)
        {
            return forms.Count > 0 && draw.OneIn(12) ? Form(server, draw) : Odd(server, draw);
        }

        var request = new HttpRequestMessage(
            new HttpMethod(Routes[number].Method),
            Address(server, Routes[number].Fill(name => draw.Pick(stranger, victim).Ids.GetValueOrDefault(name, "none")))
        );
        foreach (var (name, value) in Credentials(draw, Routes[number]))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = Routes[number].Method == "GET" ? null : Body(draw);
        return request;
    }

    private HttpRequestMessage Odd(ServerProcess server, SeededRandom draw)
    {
        var route = draw.Pick(
            draw.OneIn(10) ? Rest
            : draw.OneIn(3) ? Portal
            : Api
        );
        var path = route.Fill(name => draw.OneIn(3) ? Text(draw, 300) : draw.Pick(stranger, victim).Ids.GetValueOrDefault(name, "none"));
        var request = new HttpRequestMessage(
            new HttpMethod(draw.OneIn(5) ? draw.Pick(Methods) : route.Method),
            Address(server, Bent(draw, path) + Query(draw))
        );
        foreach (var (name, value) in Credentials(draw, route).Concat(Odd(draw)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.Method != HttpMethod.Trace && (route.Method != "GET" || draw.OneIn(10)))
        {
            request.Content = Body(draw);
        }

        return request;
    }

    private HttpRequestMessage Form(ServerProcess server, SeededRandom draw)
    {
        var (path, fields) = draw.Pick(forms);
        var sent = fields.ToDictionary(
            field => field.Key,
            field => field.Key == PortalForms.Token || !draw.OneIn(4) ? field.Value : Text(draw, 500),
            StringComparer.Ordinal
        );
        var request = new HttpRequestMessage(HttpMethod.Post, Address(server, path)) { Content = new FormUrlEncodedContent(sent) };
        request.Headers.TryAddWithoutValidation("Cookie", Cookies(stranger.Owner));
        return request;
    }

    private IEnumerable<(string Name, string Value)> Credentials(SeededRandom draw, MappedRoute route)
    {
        if (route.IsPortal)
        {
            return draw.Next(3) switch
            {
                0 => [],
                1 => [("Cookie", Cookies(stranger.Owner))],
                _ => [("Cookie", $"{PortalClient.SessionCookie}={Broken(draw, victim.Owner.Session!)}")],
            };
        }

        (string Name, string Value)[] own =
        [
            ("app-token", stranger.App.Token),
            ("access-token", draw.Pick(stranger.User, stranger.Anonymous).AccessToken),
            ("app-secret", stranger.App.Secret),
        ];
        string[] others =
        [
            victim.App.Token,
            victim.User.AccessToken,
            victim.User.Jwt,
            victim.LoginToken,
            victim.App.Secret,
            stranger.App.Token,
        ];
        return draw.Next(5) switch
        {
            0 => [],
            1 => own.Select(header => (header.Name, Broken(draw, draw.Pick(others)))),
            2 => own.Select(header => (header.Name, draw.OneIn(2) ? header.Value : Ascii(Text(draw, 200)))),
            _ => own.Where(header => !(header.Name == "access-token" && draw.OneIn(2))),
        };
    }

    private IEnumerable<(string Name, string Value)> Odd(SeededRandom draw) =>
        Enumerable
            .Range(0, draw.Next(4))
            .Select(_ =>
                (
                    draw.Pick(HeaderNames),
                    Ascii(
                        draw.OneIn(3)
                            ? draw.Pick("https://evil.example", "text/html", "*", "bytes=0-", "gzip, br", "en", "1", "")
                            : Text(draw, 200)
                    )
                )
            )
            .ToList();

    private string Query(SeededRandom draw) =>
        draw.OneIn(2)
            ? ""
            : "?"
                + string.Join(
                    '&',
                    Enumerable
                        .Range(0, draw.Next(5))
                        .Select(_ =>
                            $"{draw.Pick(Fields)}={(draw.OneIn(6) ? draw.Pick("%00", "%", "%zz", "%ff%fe", "%ED%A0%80", "%u0041", "+", "[]", "%0d%0aX:1") : Uri.EscapeDataString(Text(draw, 300)))}"
                        )
                );

    private HttpContent Body(SeededRandom draw)
    {
        var pairs = Enumerable
            .Range(0, draw.Next(8))
            .Select(_ => (Name: draw.OneIn(15) ? Text(draw, 40) : draw.Pick(Fields), Value: Text(draw, 2_000)))
            .ToList();
        var bytes = draw.Next(6) switch
        {
            0 => draw.Bytes(draw.Next(3_000)),
            1 => Encoding.UTF8.GetBytes(
                string.Join('&', pairs.Select(pair => $"{pair.Name}={(draw.OneIn(3) ? pair.Value : Uri.EscapeDataString(pair.Value))}"))
            ),
            2 => Encoding.UTF8.GetBytes(
                string.Concat(pairs.Select(pair => $"--b\r\nContent-Disposition: form-data; name=\"{pair.Name}\"\r\n\r\n{pair.Value}\r\n"))
                    + (draw.OneIn(3) ? "" : "--b--\r\n")
            ),
            3 => draw.Pick(Encoding.Unicode, Encoding.UTF32, Encoding.BigEndianUnicode, Encoding.Latin1).GetBytes(Json(draw, pairs)),
            _ => Encoding.UTF8.GetBytes(Json(draw, pairs)),
        };
        if (draw.OneIn(6))
        {
            bytes = draw.Corrupt(bytes);
        }

        var content = new ByteArrayContent(bytes);
        if (!draw.OneIn(8))
        {
            content.Headers.TryAddWithoutValidation("Content-Type", draw.OneIn(2) ? "application/json" : draw.Pick(MediaTypes));
        }

        return content;
    }

    private string Json(SeededRandom draw, IEnumerable<(string Name, string Value)> pairs) =>
        "{"
        + string.Join(
            ',',
            pairs.Select(pair =>
                $"{JsonSerializer.Serialize(pair.Name)}:{draw.Next(12) switch { 0 => "null", 1 => "true", 2 => "1e999", 3 => $"{draw.Next(2_000_000) - 1}", 4 => $"[{JsonSerializer.Serialize(pair.Value)}]", 5 => "{\"a\":{}}", 6 => new string('[', 40) + new string(']', 40), 7 => "\"\\ud800\"", 8 => "\"a\\u0000b\"", _ => JsonSerializer.Serialize(pair.Value) }}"
            )
        )
        + "}";

    /// <summary>A value that somewhere means something, or one that means trouble.</summary>
    private string Text(SeededRandom draw, int longest) =>
        draw.Next(9) switch
        {
            0 or 1 or 2 => Cut(draw.Pick(Naughty), longest),
            3 => draw.Pick(
                $"una@{victim.Mark}.example",
                $"una@{stranger.Mark}.example",
                $"ANON_{victim.Mark}",
                $"una-{victim.Mark}",
                "new@example.com",
                "kim@example.com"
            ),
            4 => draw.Pick(victim.Ids.Values.Concat(stranger.Ids.Values).ToList()),
            5 => draw.Pick(
                victim
                    .Codes.Values.Concat([
                        victim.Cursor,
                        stranger.Cursor,
                        Tenant.Password,
                        "000000",
                        "google",
                        "apple",
                        "EN",
                        "+4915112345678",
                        "true",
                        "0",
                        "-1",
                        "99999999999999999999",
                        "2026-02-30",
                        "active",
                    ])
                    .ToList()
            ),
            6 => draw.Pick("{}", "{\"note\":\"x\"}", "{\"note\":{\"a\":1}}", "[]", "{bad", "{\"note\":\"\\ud800\"}", "null"),
            7 => new string(draw.Pick('a', '\u0301', 'é', '%', '\''), draw.Next(longest)),
            _ => "",
        };

    private static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];

    /// <summary>Slashes, dots, cases and escapes where nobody puts them.</summary>
    private static string Bent(SeededRandom draw, string path) =>
        draw.Next(14) switch
        {
            0 => "/" + path,
            1 => path + "/",
            2 => path.ToUpperInvariant(),
            3 => path.Replace("/", "/./", StringComparison.Ordinal),
            4 => path + "/..",
            5 => path + "%2f..%2f",
            6 => path + ";a=b",
            7 => path + "%00",
            8 => path + "%ff",
            _ => path,
        };

    private static string Broken(SeededRandom draw, string token)
    {
        var at = draw.Next(token.Length);
        return draw.OneIn(3) ? token[..at] : string.Concat(token.AsSpan(0, at), [token[at] == 'x' ? 'y' : 'x'], token.AsSpan(at + 1));
    }

    private static string Ascii(string text) => string.Concat(text.Where(c => c is >= ' ' and < '\x7F'));

    private static string Cookies(PortalClient browser) =>
        string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    /// <summary>The path as it was drawn: nothing made canonical on the way.</summary>
    private static Uri Address(ServerProcess server, string path) =>
        new(
            server.Address.GetLeftPart(UriPartial.Authority)
                + string.Concat(
                    path.Select(c =>
                        c is > ' ' and < '\x7F' and not '#' and not '\\' and not '"' and not '<' and not '>'
                            ? c.ToString()
                            : Uri.EscapeDataString(c.ToString())
                    )
                ),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
}
