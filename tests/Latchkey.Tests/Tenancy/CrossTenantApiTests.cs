using System.Net;
using System.Net.Http.Json;

namespace Latchkey.Tests.Tenancy;

/// <summary>
/// Every route of the OpenAPI document, asked by one tenant with the ids, handles, codes and tokens of another, and with every kind of
/// token where it does not belong: security.md rows 21, 25 and 30. A new route fails the test until somebody says how to attack it.
/// </summary>
public sealed class CrossTenantApiTests(ServerFixture servers) : IAsyncLifetime
{
    private const int Own = 200;

    private static readonly string[] Naming =
    [
        "getApplication",
        "completeSignup",
        "loginComplete",
        "providerLogin",
        "providerLoginComplete",
        "socialLogin",
        "register",
        "forgotPassword",
        "resetPassword",
    ];

    /// <summary>
    /// For each operation what a caller sends to reach the victim's data, and which answers say that it did not: a code, or 200 where
    /// the answer is about the caller's own. A route that is missing here fails the test: say how to attack it.
    /// </summary>
    private static readonly Dictionary<string, (Func<Tenant, object?> Body, int[] Answers)> Attacks = new(StringComparer.Ordinal)
    {
        ["GET /api/appuser/getApplication"] = (_ => null, [Own]),
        ["POST /api/appuser/signup"] = (a => new { handle = $"una@{a.Mark}.example", password = Tenant.Password }, [Own]),
        ["POST /api/appuser/completeSignup"] = (a => new { handle = $"sig@{a.Mark}.example", code = a.Codes["signup"] }, [602]),
        // A page with a button; the button posts
        ["GET /api/appuser/completeSignup"] = (a => $"handle=sig@{a.Mark}.example&code={a.Codes["signup"]}", [Own]),
        // 608: of the caller's own signup above
        ["POST /api/appuser/login"] = (a => new { handle = $"una@{a.Mark}.example", password = Tenant.Password }, [600, 608]),
        ["POST /api/appuser/loginComplete"] = (a => new { loginToken = a.LoginToken, code = a.Codes["login"] }, [600]),
        ["POST /api/appuser/loginCode"] = (a => new { handle = $"gus@{a.Mark}.example" }, [603]),
        ["GET /api/appuser/loginCode"] = (a => $"handle=gus@{a.Mark}.example&code={a.Codes["loginLink"]}", [731]),
        ["POST /api/appuser/loginCodeComplete"] = (
            a => new
            {
                handle = $"gus@{a.Mark}.example",
                code = a.Codes["loginCode"],
                requestToken = a.Codes["loginRequest"],
            },
            [731]
        ),
        // The tenants' policy is off; Api.TwoFactor attacks applications that have one
        ["POST /api/appuser/loginFactor"] = (a => new { loginToken = a.LoginToken, method = "sms" }, [714]),
        ["POST /api/appuser/enrollFactor"] = (a => new { loginToken = a.LoginToken, method = "otp" }, [714]),
        ["GET /api/appuser/secondFactors"] = (_ => null, [714]),
        ["POST /api/appuser/recoveryCodes"] = (_ => null, [714]),
        ["POST /api/appuser/forgetDevices"] = (_ => null, [714]),
        ["POST /api/appuser/stepUp"] = (a => new { code = a.Codes["login"], password = "not the caller's own" }, [600]),
        ["POST /api/appuser/stepUpFactor"] = (_ => new { method = "sms" }, [410]),
        ["POST /api/appuser/passkeyOptions"] = (_ => null, [Own]),
        ["POST /api/appuser/passkeyRegister"] = (a => Answer(a.PasskeyAnswers["register"]), [717]),
        ["POST /api/appuser/passkeyLoginOptions"] = (a => new { loginToken = a.LoginToken }, [600]),
        ["POST /api/appuser/passkeyLogin"] = (a => Answer(a.PasskeyAnswers["login"]), [717]),
        ["GET /api/appuser/passkeys"] = (_ => null, [Own]),
        ["POST /api/appuser/passkeyRename"] = (a => new { id = a.Ids["passkey"], name = "a stranger's" }, [718]),
        ["POST /api/appuser/passkeyDelete"] = (a => new { id = a.Ids["passkey"] }, [718]),
        ["POST /api/appuser/loginAnonymous"] = (a => new { handle = $"ANON_{a.Mark}" }, [Own]),
        ["POST /api/appuser/providerLogin"] = (
            _ => new
            {
                provider = "google",
                redirectUri = "https://app.example.com/callback",
                codeChallenge = new string('a', 43),
            },
            [851]
        ),
        ["POST /api/appuser/providerLoginComplete"] = (_ => new { code = "x", codeVerifier = new string('a', 43) }, [854]),
        ["POST /api/appuser/socialLogin"] = (a => new { provider = "google", token = a.User.Jwt }, [416]),
        ["POST /api/appuser/socialSignup"] = (
            a => new
            {
                provider = "google",
                token = a.User.Jwt,
                handle = $"una@{a.Mark}.example",
            },
            [416]
        ),
        ["POST /api/appuser/invite"] = (a => new { handle = $"una@{a.Mark}.example", senderUserId = a.User.Id() }, [Own]),
        ["POST /api/appuser/register"] = (
            a => new
            {
                handle = $"inv@{a.Mark}.example",
                password = Tenant.Password,
                code = a.Codes["invitation"],
            },
            [602]
        ),
        // Two pages with a form; the form posts
        ["GET /api/appuser/register"] = (a => $"handle=inv@{a.Mark}.example&code={a.Codes["invitation"]}", [Own]),
        ["GET /api/appuser/resetPassword"] = (a => $"handle=una@{a.Mark}.example&code={a.Codes["reset"]}", [Own]),
        ["POST /api/appuser/forgotPassword"] = (a => new { handle = $"gus@{a.Mark}.example" }, [603]),
        ["POST /api/appuser/resetPassword"] = (
            a => new
            {
                handle = $"una@{a.Mark}.example",
                password = "a stranger's horse",
                code = a.Codes["reset"],
            },
            [602]
        ),
        ["POST /api/appuser/changePassword"] = (_ => new { password = "not the caller's own", newPassword = "a stranger's horse" }, [602]),
        ["GET /api/appuser/getUser"] = (_ => null, [Own]),
        ["GET /api/appuser/userNameAvailable"] = (a => $"userName=una-{a.Mark}", [Own]),
        ["POST /api/appuser/setUserName"] = (a => new { userName = $"una-{a.Mark}" }, [Own, 602]),
        ["POST /api/appuser/setLocale"] = (_ => new { locale = "EN" }, [Own]),
        ["POST /api/appuser/setUserMetadata"] = (_ => new { metaData = """{"note":"a stranger's"}""" }, [Own]),
        ["POST /api/appuser/setPhone"] = (_ => new { phone = "+4915198765432" }, [Own]),
        ["POST /api/appuser/verifyPhone"] = (a => new { code = a.Codes["phone"] }, [602]),
        ["POST /api/appuser/setTwoFactorGoogleVerification"] = (_ => new { twoFactor = true }, [408]),
        ["POST /api/appuser/setTwoFactorPhoneVerification"] = (_ => new { twoFactor = true }, [410]),
        ["POST /api/appuser/deleteAccount"] = (a => new { handle = $"gus@{a.Mark}.example", password = Tenant.Password }, [600]),
        ["POST /api/appuser/logout"] = (_ => new { everywhere = true }, [Own]),
        ["POST /api/appuser/refresh"] = (a => new { refreshToken = a.User.RefreshToken }, [711]),
        ["GET /api/appuser/sessions"] = (_ => null, [Own]),
        ["POST /api/appuser/endSession"] = (a => new { id = a.Ids["session"] }, [713]),
        ["GET /api/appuser/consents"] = (_ => null, [Own]),
        ["POST /api/appuser/revokeConsent"] = (a => new { clientId = a.Ids["client"] }, [753]),
        ["POST /api/appuser/link"] = (a => new { provider = "google", token = a.User.Jwt }, [416]),
        ["GET /api/appuser/links"] = (_ => null, [Own]),
        ["POST /api/appuser/unlink"] = (a => new { id = a.Ids["link"] }, [742]),
        ["POST /api/appuser/createAsset"] = (
            a => new
            {
                path = "x.png",
                contentType = "image/png",
                size = 1,
                userId = a.User.Id(),
                appId = a.App.Id,
            },
            [Own]
        ),
        ["POST /api/appuser/completeAsset"] = (a => new { assetId = a.Ids["AssetId"] }, [721]),
        ["GET /api/appuser/assets"] = (a => $"cursor={a.Cursor}", [Own]),
        ["GET /api/appuser/asset"] = (a => $"assetId={a.Ids["AssetId"]}", [721]),
        ["POST /api/appuser/refreshAsset"] = (a => new { assetId = a.Ids["AssetId"] }, [721]),
        ["POST /api/appuser/removeAsset"] = (a => new { assetId = a.Ids["AssetId"] }, [721]),
        ["POST /api/server/invite"] = (a => new { handle = $"gus@{a.Mark}.example", senderUserId = a.User.Id() }, [Own]),
        ["GET /api/server/users"] = (a => $"cursor={a.Cursor}&search={a.Mark}", [Own]),
        ["POST /api/server/users"] = (
            a => new
            {
                handle = $"new@{a.Mark}.example",
                password = Tenant.Password,
                id = a.User.Id(),
                appId = a.App.Id,
            },
            [Own, 601]
        ),
        ["GET /api/server/users/{user}"] = (_ => null, [603]),
        ["DELETE /api/server/users/{user}"] = (_ => null, [603]),
        ["POST /api/server/users/{user}/suspend"] = (_ => null, [603]),
        ["POST /api/server/users/{user}/activate"] = (_ => null, [603]),
        ["POST /api/server/users/{user}/signOut"] = (_ => null, [603]),
        ["GET /api/server/users/{user}/sessions"] = (_ => null, [603]),
        ["DELETE /api/server/users/{user}/sessions/{session}"] = (_ => null, [603]),
        ["GET /api/server/users/{user}/links"] = (_ => null, [603]),
        ["DELETE /api/server/users/{user}/links/{link}"] = (_ => null, [603]),
        ["GET /api/server/users/{user}/passkeys"] = (_ => null, [603]),
        ["DELETE /api/server/users/{user}/passkeys/{passkey}"] = (_ => null, [603]),
        ["GET /api/server/users/{user}/secondFactors"] = (_ => null, [603]),
        ["POST /api/server/users/{user}/resetSecondFactor"] = (_ => null, [603]),
        ["POST /api/server/users/{user}/metaData"] = (_ => new { metaData = """{"note":"a stranger's"}""" }, [603]),
        ["POST /api/server/users/{user}/resetPassword"] = (_ => new { password = "a stranger's horse" }, [603]),
        ["GET /api/server/clients"] = (a => $"cursor={a.Cursor}&search={a.Ids["ClientId"]}", [Own]),
        ["POST /api/server/clients"] = (
            a => new
            {
                type = "web",
                name = "x",
                clientId = a.Ids["ClientId"],
            },
            [Own]
        ),
        ["GET /api/server/clients/{client}"] = (_ => null, [750]),
        ["POST /api/server/clients/{client}"] = (_ => new { name = "a stranger's" }, [750]),
        ["DELETE /api/server/clients/{client}"] = (_ => null, [750]),
        ["POST /api/server/clients/{client}/secrets"] = (_ => null, [750]),
        ["POST /api/server/clients/{client}/secrets/{secret}/end"] = (_ => null, [750]),
        ["GET /api/server/providerCatalogue"] = (_ => null, [Own]),
        ["GET /api/server/providers"] = (_ => null, [Own]),
        ["POST /api/server/providers"] = (
            _ => new
            {
                template = "oidc",
                alias = "strangers",
                issuer = "https://login.example.com",
                clientId = "x",
                clientSecret = "x",
            },
            [Own, 602]
        ),
        ["GET /api/server/providers/{provider}"] = (_ => null, [850]),
        ["POST /api/server/providers/{provider}"] = (_ => new { name = "a stranger's" }, [850]),
        ["DELETE /api/server/providers/{provider}"] = (_ => null, [850]),
        ["GET /api/server/resources"] = (_ => null, [Own]),
        ["POST /api/server/resources"] = (a => new { resource = $"https://{a.Mark}.example" }, [Own, 602]),
        ["POST /api/server/resources/change"] = (a => new { resource = a.Ids["resource"], name = "a stranger's" }, [751]),
        ["POST /api/server/resources/remove"] = (a => new { resource = a.Ids["resource"] }, [751]),
        ["POST /api/server/verify"] = (a => new { token = a.User.Jwt }, [405]),
        ["GET /apps/{appId}/.well-known/jwks.json"] = (_ => null, [Own]), // public by design
        ["GET /apps/{appId}/.well-known/openid-configuration"] = (_ => null, [Own]),
        ["GET /apps/{appId}/public-key.pem"] = (_ => null, [Own]),
        ["GET /apps/{appId}/.well-known/oauth-authorization-server"] = (_ => null, [Own]),
        // They take none of these tokens. Provider.TenantTests sends them what is another application's.
        ["POST /apps/{appId}/oauth2/token"] = (_ => null, [Own]),
        ["POST /apps/{appId}/oauth2/revoke"] = (_ => null, [Own]),
        ["POST /apps/{appId}/oauth2/introspect"] = (_ => null, [Own]),
        ["GET /apps/{appId}/oauth2/userinfo"] = (_ => null, [Own]),
        ["POST /apps/{appId}/oauth2/userinfo"] = (_ => null, [Own]),
        ["GET /apps/{appId}/oauth2/authorize"] = (_ => null, [Own]),
        ["POST /apps/{appId}/oauth2/authorize"] = (_ => null, [Own]),
        ["POST /apps/{appId}/oauth2/par"] = (_ => null, [Own]),
        ["POST /apps/{appId}/oauth2/device_authorization"] = (_ => null, [Own]),
    };

    private ServerProcess server = null!;
    private Tenant victim = null!;
    private Tenant stranger = null!;

    public async ValueTask InitializeAsync()
    {
        server = await servers.Unlimited();
        (victim, stranger) = (await Tenant.Create(server), await Tenant.Create(server));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_route_of_the_document_is_attacked_here() =>
        Attacks
            .Keys.Order(StringComparer.Ordinal)
            .ShouldBe((await Operations()).Select(operation => operation.Route.ToString()).Order(StringComparer.Ordinal));

    [Fact]
    public async Task With_the_strangers_own_credentials_nothing_of_the_victim_is_found_told_or_changed()
    {
        var (before, calls) = (await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id), 0);
        foreach (var (route, takes) in await Operations())
        {
            string[] whose = route.Pattern.Contains("{user}", StringComparison.Ordinal)
                ? [victim.User.Id(), $"gus@{victim.Mark}.example", victim.Anonymous.Id()]
                : [""];
            foreach (var who in whose)
            {
                foreach (var header in takes)
                {
                    var own = (
                        header,
                        header switch
                        {
                            "app-token" => stranger.App.Token,
                            "app-secret" => stranger.App.Secret,
                            _ => (await FreshUser()).AccessToken,
                        }
                    );
                    var reply = await Attack(route, who, own);
                    Attacks[route.ToString()].Answers.ShouldContain(reply.Code ?? Own, $"{route} {reply.Text}");
                    Told(reply, route);
                    reply = await Attack(route, who, own, ("access-token", victim.Anonymous.AccessToken));
                    Attacks[route.ToString()].Answers.Append(405).ShouldContain(reply.Code ?? Own, $"{route} {reply.Text}");
                    Told(reply, route);
                    calls += 2;
                }
            }
        }

        (await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id)).ShouldBe(before);
        TestScale.RecordFigure(
            30,
            $"{Attacks.Count} routes of the API, {calls} calls with another application's ids, 0 found, 0 told, 0 rows changed"
        );
    }

    [Fact]
    public async Task A_token_counts_in_its_own_header_alone()
    {
        var (before, calls) = (await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id), 0);
        foreach (var (route, _) in (await Operations()).Where(operation => operation.Takes.Count > 0))
        {
            foreach (var headers in Misplaced().Append([]).Where(headers => !TakesAppTokenAsAccessToken(route, headers)))
            {
                var reply = await Attack(route, victim.User.Id(), headers);
                reply.Status.ShouldBe(HttpStatusCode.BadRequest, $"{route} {string.Join(", ", headers.Select(header => header.Name))}");
                new int?[] { 400, 405 }.ShouldContain(reply.Code, $"{route} {reply.Text}");
                Told(reply, route);
                calls++;
            }
        }

        (await DatabaseSnapshot.OfApplication(server.Installation, victim.App.Id)).ShouldBe(before);
        TestScale.RecordFigure(21, $"{calls} calls of every route with tokens of the wrong kind, login tokens among them, 0 accepted");
    }

    /// <summary>The functions where the header access-token only names the application take an App Token there.</summary>
    private bool TakesAppTokenAsAccessToken(MappedRoute route, (string Name, string Value)[] headers) =>
        headers is [("access-token", var token)]
        && token == victim.App.Token
        && (Naming.Contains(route.Pattern.Split('/')[^1]) || route.ToString() == "GET /api/appuser/loginCode");

    private static object Answer((string RequestToken, string Credential) passkey) =>
        new { requestToken = passkey.RequestToken, credential = passkey.Credential };

    /// <summary>A user of the stranger's whom no call before has signed out or renamed.</summary>
    private async Task<LoggedInUser> FreshUser()
    {
        var handle = $"{Latchkey.Data.Ids.New(TimeProvider.System)}@stranger.example";
        (await stranger.App.SendAsServer(HttpMethod.Post, "users", new { handle, password = App.Password })).ShouldBeOk();
        return await stranger.App.Login(handle);
    }

    /// <summary>Every token of the victim's in every header that is not its own.</summary>
    private IEnumerable<(string Name, string Value)[]> Misplaced()
    {
        (string Own, string Value)[] tokens =
        [
            ("app-token", victim.App.Token),
            ("access-token", victim.User.AccessToken),
            ("app-secret", victim.App.Secret),
            ("", victim.User.Jwt),
            ("", victim.LoginToken),
            ("", victim.User.SignedUserToken!),
        ];
        return from token in tokens
            from header in new[] { "app-token", "access-token", "app-secret" }
            where header != token.Own
            select new[] { (header, token.Value) };
    }

    private async Task<Reply> Attack(MappedRoute route, string who, params (string Name, string Value)[] headers)
    {
        var body = Attacks[route.ToString()].Body(victim);
        var path = route.Fill(name => name == "user" ? who : victim.Ids[name]);
        var request = server.Request(
            HttpMethod.Parse(route.Method),
            body is string query ? $"{path}?{query}" : path,
            [.. headers.DistinctBy(header => header.Name)]
        );
        request.Content = body is null or string ? null : JsonContent.Create(body);
        return await server.Send(request);
    }

    private void Told(Reply reply, MappedRoute route)
    {
        ((int)reply.Status).ShouldBeLessThan(500, $"{route} {reply.Text}");
        var text =
            reply.Text
            + (
                reply.Text.StartsWith("{\"jwt\"", StringComparison.Ordinal)
                    ? LoggedInUser.DecodePart(reply.Json.GetProperty("jwt").GetString()!, 1).GetRawText()
                    : ""
            );
        victim.SecretValues.ShouldAllBe(canary => !text.Contains(canary), $"{route} {text}");
    }

    /// <summary>The document's routes with the headers that each takes. They are all that is mapped below /api and /apps.</summary>
    private async Task<IReadOnlyList<(MappedRoute Route, IReadOnlyList<string> Takes)>> Operations()
    {
        var operations = new List<(MappedRoute Route, IReadOnlyList<string> Takes)>();
        foreach (var path in (await server.Get("/openapi/v1.json")).ShouldBeOk().Json.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                IReadOnlyList<string> takes = operation.Value.TryGetProperty("security", out var security)
                    ? [.. security.EnumerateArray().Select(scheme => scheme.EnumerateObject().Single().Name)]
                    : [];
                operations.Add((new MappedRoute(operation.Name.ToUpperInvariant(), path.Name), takes));
            }
        }

        operations
            .Select(operation => operation.Route.ToString())
            .Order(StringComparer.Ordinal)
            .ShouldBe(MappedRoutes.All.Where(route => route.IsApi).Select(route => route.ToString()).Order(StringComparer.Ordinal));
        return operations;
    }
}
