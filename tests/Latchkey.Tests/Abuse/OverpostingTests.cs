using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Tests.Tenancy;

namespace Latchkey.Tests.Abuse;

/// <summary>Forty fields that no write asked for change nothing: security.md row 31.</summary>
public sealed class OverpostingTests(ServerFixture servers)
{
    private static readonly string[] Names =
    [
        "id",
        "uid",
        "_id",
        "userId",
        "user_id",
        "appId",
        "app_id",
        "status",
        "origin",
        "role",
        "roles",
        "isAdmin",
        "admin",
        "scope",
        "emailVerified",
        "email_verified",
        "phone_number",
        "phoneVerified",
        "phone_verified",
        "pendingPhone",
        "twoFactorGoogle",
        "twoFactorPhone",
        "two_factor_google",
        "twoFactorGoogleVerification",
        "twoFactorPhoneVerification",
        "totpSeedSealed",
        "totp_last_step",
        "failedLogins",
        "failed_logins",
        "createdAt",
        "created_at",
        "updatedAt",
        "lastLogin",
        "last_login_at",
        "loginProvider",
        "login_provider",
        "providerSubject",
        "passwordHash",
        "password_hash",
        "inviteMetadata",
        "invite_metadata",
        "anonymous",
        "expiresAt",
        "sub",
        "aud",
    ];

    [Fact]
    public async Task They_have_no_effect_on_any_write()
    {
        var app = await (await servers.Unlimited()).CreateApp(
            "signupFlow=none",
            "userNamesEnabled=1",
            "twoFactorVerification=phone",
            "locales=EN,DE",
            """metaData=[{"path":"name","fieldName":"name"}]"""
        );
        var una = app.ParseTokens(await app.Post("signup", With(new { handle = "una@example.com", password = App.Password })));
        await Unharmed(app, una, "una@example.com");
        (await una.Post("setUserName", With(new { userName = "una" }))).ShouldBeTrue();
        (await una.Post("setLocale", With(new { locale = "DE" }))).ShouldBeTrue();
        (
            await una.Post("setUserMetadata", With(new { metaData = $$"""{"name":"Una",{{With(new { }).ToJsonString()[1..]}}""" }))
        ).ShouldBeTrue();
        (await una.Post("setPhone", With(new { phone = "+4915112345678" }))).ShouldBeTrue();
        (await una.Post("setTwoFactorPhoneVerification", With(new { twoFactor = true }))).ShouldFailWith(410);
        (await una.Post("verifyPhone", With(new { code = await app.LastCodeFor("+4915112345678") }))).ShouldBeTrue();
        (await una.Post("changePassword", With(new { password = App.Password, newPassword = AppFlows.NewPassword }))).ShouldBeTrue();
        (await una.Post("invite", With(new { handle = "kim@example.com", senderUserId = "U" }))).ShouldBeTrue();
        await Unharmed(app, una, "una@example.com");
        var kim = app.ParseTokens(
            await app.Post(
                "register",
                With(
                    new
                    {
                        handle = "kim@example.com",
                        password = App.Password,
                        code = await app.LastCodeFor("kim@example.com"),
                    }
                )
            )
        );
        await Unharmed(app, kim, "kim@example.com", emailVerified: true);
        (await app.Post("forgotPassword", With(new { handle = "kim@example.com" }))).ShouldBeTrue();
        (
            await app.Post(
                "resetPassword",
                With(
                    new
                    {
                        handle = "kim@example.com",
                        password = AppFlows.NewPassword,
                        code = await app.LastCodeFor("kim@example.com"),
                    }
                )
            )
        ).ShouldBeTrue();
        var again = app.ParseTokens(await app.Post("login", With(new { handle = "kim@example.com", password = AppFlows.NewPassword })));
        await Unharmed(app, again, "kim@example.com", emailVerified: true);
        var added = (await app.SendAsServer(HttpMethod.Post, "users", With(new { handle = "lou@example.com", password = App.Password })))
            .ShouldBeOk()
            .Json;
        (
            added.GetProperty("status").GetString(),
            added.GetProperty("origin").GetString(),
            added.GetProperty("loginProvider").GetString()
        ).ShouldBe(("active", "server", ""));
        (await una.Post("setTwoFactorPhoneVerification", With(new { twoFactor = true }))).ShouldBeTrue();
        var shown = (await app.SendAsServer(HttpMethod.Get, "users/una@example.com")).ShouldBeOk().Json;
        (
            shown.GetProperty("twoFactorPhoneVerification").GetBoolean(),
            shown.GetProperty("twoFactorGoogleVerification").GetBoolean(),
            shown.GetProperty("status").GetString(),
            shown.GetProperty("id").GetString()
        ).ShouldBe((true, false, "active", una.Id()));
        (
            await app.Installation.Query<string>(
                "SELECT phone FROM users WHERE app_id = @Id AND handle = 'una@example.com' AND pending_phone IS NULL",
                new { app.Id }
            )
        ).ShouldBe("+4915112345678");
        TestScale.RecordFigure(31, $"{Names.Length} extra fields on each write: no effect");
    }

    [Fact]
    public async Task They_have_no_effect_on_the_steps_after_a_code_and_on_servers_calls()
    {
        var app = await (await servers.Unlimited()).CreateApp(
            "anonymousLoginEnabled=1",
            "twoFactorVerification=google",
            """metaData=[{"path":"name","fieldName":"name"}]"""
        );
        (await app.Post("signup", With(new { handle = "una@example.com", password = App.Password }))).ShouldBeTrue();
        var una = app.ParseTokens(
            await app.Post("completeSignup", With(new { handle = "una@example.com", code = await app.LastCodeFor("una@example.com") }))
        );
        await Unharmed(app, una, "una@example.com", emailVerified: true);
        var anonymous = app.ParseTokens(await app.Post("loginAnonymous", With(new { handle = "ANON_1" })));
        (await app.SendAsServer(HttpMethod.Get, $"users/{anonymous.Id()}"))
            .ShouldBeOk()
            .Json.GetProperty("origin")
            .GetString()
            .ShouldBe("anonymous");
        foreach (
            var (path, body) in new (string, object)[]
            {
                ("suspend", new { }),
                ("activate", new { }),
                ("signOut", new { }),
                ("metaData", new { metaData = """{"name":"Una"}""" }),
                ("resetPassword", new { password = App.Password }),
            }
        )
        {
            (await app.SendAsServer(HttpMethod.Post, $"users/{una.Id()}/{path}", With(body))).ShouldBeOk();
        }

        (await app.SendAsServer(HttpMethod.Post, "invite", With(new { handle = "kim@example.com" }))).ShouldBeTrue();
        await app.Login("una@example.com");
        var again = app.ParseTokens(await app.Post("login", With(new { handle = "una@example.com", password = App.Password })));
        await Unharmed(app, again, "una@example.com", emailVerified: true);
        (await app.SendAsServer(HttpMethod.Post, "verify", With(new { token = again.Jwt })))
            .ShouldBeOk()
            .Json.GetProperty("user")
            .GetProperty("id")
            .GetString()
            .ShouldBe(una.Id());
        var authenticator = new Authenticator(
            (await again.Post("setTwoFactorGoogleVerification", With(new { twoFactor = true })))
                .ShouldBeOk()
                .Json.GetProperty("googleSecretKey")
                .GetString()!
        );
        var done = app.ParseTokens(
            await app.Post("loginComplete", With(new { loginToken = await app.LoginToken("una@example.com"), code = authenticator.Code() }))
        );
        done.Id().ShouldBe(una.Id());
        (await done.Post("logout", With(new { }))).ShouldBeTrue();
        (await again.IsSignedIn()).ShouldBeTrue(); // "everywhere" was not among them
        (await again.Post("deleteAccount", With(new { handle = "una@example.com", password = App.Password }))).ShouldBeTrue();
        (await anonymous.IsSignedIn()).ShouldBeTrue();
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(1);
    }

    [Fact]
    public async Task They_have_no_effect_in_the_portals_forms()
    {
        var server = await servers.Unlimited();
        var tenant = await Tenant.Create(server);
        var (app, sent) = (tenant.App, 0);
        string[] pages =
        [
            "/portal/account",
            .. new[]
            {
                "users/new",
                "settings",
                "locales",
                "jwt",
                "users/invitations/new",
                "members",
                $"users/{tenant.User.Id()}",
                "templates/EN/signUp",
                "keys/tokens",
            }.Select(page => $"/portal/applications/{app.Id}/{page}"),
        ];
        var (developer, stranger) = (
            await app.Installation.Query<string>("SELECT developer_id FROM members WHERE app_id = @Id AND role = 'owner'", new { app.Id }),
            await server.CreateApp()
        );
        var before = (await Fixed(), await DatabaseSnapshot.OfApplication(server.Installation, stranger.Id));
        foreach (var page in pages)
        {
            foreach (var form in (await PortalForms.ReadForms(tenant.Owner, page)).Where(form => !Ending.Contains(form["_handler"])))
            {
                var asked = form.ToDictionary(
                    field => field.Key,
                    field => field.Value.Length > 0 ? field.Value : Typed.GetValueOrDefault(field.Key, ""),
                    StringComparer.Ordinal
                );
                var reply = await tenant.Owner.Send(
                    page,
                    asked,
                    [.. FormNames.Where(name => !form.ContainsKey(name)).Select(name => (name, Value(name)))]
                );
                reply.Status.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.SeeOther], $"{page} {form["_handler"]}");
                sent++;
            }
        }

        sent.ShouldBeGreaterThan(15);
        (await Fixed(), await DatabaseSnapshot.OfApplication(server.Installation, stranger.Id)).ShouldBe(before);
        var made = (await app.SendAsServer(HttpMethod.Get, "users/typed@example.com")).ShouldBeOk().Json;
        (
            made.GetProperty("status").GetString(),
            made.GetProperty("origin").GetString(),
            made.GetProperty("loginProvider").GetString()
        ).ShouldBe(("active", "portal", ""));
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM users WHERE app_id = @Id AND (created_at < @then OR id = 'evil')",
                new { app.Id, then = AppFlows.FromNow(-3600) }
            )
        ).ShouldBe(0);
        TestScale.RecordFigure(31, $"{sent} forms of the portal with {FormNames.Length} fields more: no effect");

        string Value(string name) =>
            name switch
            {
                "status" => "blocked",
                "type" => "commercial",
                "role" => "operator",
                "appId" or "AppId" or "app_id" => stranger.Id,
                "isOperator" or "is_operator" or "emailVerified" or "email_verified" => "true",
                "createdAt" or "created_at" or "expiresAt" => "1",
                _ => "evil",
            };

        async Task<string> Fixed() =>
            await app.Installation.Query<string>(
                "SELECT id || status || type || CAST(created_at AS TEXT) FROM applications WHERE id = @Id",
                new { app.Id }
            )
            + await app.Installation.Query<string>(
                "SELECT id || email || role || status || CAST(created_at AS TEXT) FROM developers WHERE id = @developer",
                new { developer }
            )
            + await app.Installation.Query<string>(
                "SELECT id || app_id || handle || status || origin || login_provider || CAST(created_at AS TEXT) || "
                    + "CAST(email_verified AS TEXT) FROM users WHERE id = @id",
                new { id = tenant.User.Id() }
            )
            + await app.Installation.Query<long>("SELECT COUNT(*) FROM members WHERE app_id = @Id", new { app.Id });
    }

    /// <summary>Forms that would end what is looked at.</summary>
    private static readonly string[] Ending = ["suspend", "activate", "delete", "sessions", "email", "password", "sign-out"];

    private static readonly string[] FormNames =
    [
        .. Names,
        "AppId",
        "type",
        "isOperator",
        "is_operator",
        "developerId",
        "developer_id",
        "revision",
        "settings",
        "owner",
        "actor",
        "By",
        "Standing",
    ];

    private static readonly Dictionary<string, string> Typed = new(StringComparer.Ordinal)
    {
        ["handle"] = "typed@example.com",
        ["password"] = "a typed password",
        ["email"] = "typed@example.com",
        ["name"] = "Typed",
        ["subject"] = "Typed",
        ["locale"] = "EN",
    };

    private static async Task Unharmed(App app, LoggedInUser user, string handle, bool emailVerified = false)
    {
        user.Claims.GetProperty("sub").GetString().ShouldBe(handle);
        user.Claims.GetProperty("aud").GetString().ShouldBe("none");
        user.Claims.GetProperty("email_verified").GetBoolean().ShouldBe(emailVerified);
        user.Claims.TryGetProperty("role", out _).ShouldBeFalse();
        var shown = (await app.SendAsServer(HttpMethod.Get, $"users/{handle}")).ShouldBeOk().Json;
        shown.GetProperty("id").GetString().ShouldBe(user.Id());
        shown.GetProperty("status").GetString().ShouldBe("active");
        shown.GetProperty("loginProvider").GetString().ShouldBe("");
        shown.GetProperty("twoFactorGoogleVerification").GetBoolean().ShouldBeFalse();
        shown.GetProperty("twoFactorPhoneVerification").GetBoolean().ShouldBeFalse();
        shown.GetProperty("createdAt").GetString().ShouldNotStartWith("1999");
    }

    internal static JsonObject With(object body)
    {
        var full = JsonSerializer.SerializeToNode(body)!.AsObject();
        foreach (var name in Names)
        {
            full[name] =
                name.EndsWith("At", StringComparison.Ordinal) || name.EndsWith("_at", StringComparison.Ordinal) ? "1999-01-01T00:00:00.000Z"
                : name.Contains("erified", StringComparison.Ordinal) || name.Contains("wo", StringComparison.Ordinal) ? true
                : "evil";
        }

        return full;
    }
}
