using System.Security.Cryptography;
using System.Text;
using Latchkey.Tests.Api.Linking;
using Latchkey.Tests.Api.LoginCodes;
using Latchkey.Tests.Api.Passkeys;

namespace Latchkey.Tests.Tenancy;

/// <summary>An application with one of everything that an application can have, and the ids, tokens and codes that lead to it.</summary>
internal sealed record Tenant(App App, PortalClient Owner, LoggedInUser User, LoggedInUser Anonymous)
{
    public const string Password = "a tenant's own horse";

    /// <summary>Stands in everything that only this tenant may see, and in nothing that leads there.</summary>
    public required string Secret { get; init; }

    /// <summary>Stands in the handles and the user name.</summary>
    public required string Mark { get; init; }

    /// <summary>The values of the routes' parameters, by the parameters' names, and other ids that forms carry.</summary>
    public required IReadOnlyDictionary<string, string> Ids { get; init; }

    public required string LoginToken { get; init; }

    /// <summary>Codes that were sent and are still good: of a signup, an invitation, a reset, a phone number, a login, a login
    /// without a password with its link and request token.</summary>
    public required IReadOnlyDictionary<string, string> Codes { get; init; }

    /// <summary>Challenges that wait for the user's passkey, and its answers to them: of a registration and a sign-in.</summary>
    public required IReadOnlyDictionary<string, (string RequestToken, string Credential)> PasskeyAnswers { get; init; }

    /// <summary>Where the next page of a list of users would begin.</summary>
    public required string Cursor { get; init; }

    /// <summary>All that must never stand in an answer to somebody else.</summary>
    public IReadOnlyList<string> SecretValues =>
        [Secret, App.Secret, User.AccessToken.Split('.')[2], User.Jwt.Split('.')[2], User.RefreshToken!, LoginToken.Split('.')[2]];

    /// <summary>Makes one, on a server whose limits are off.</summary>
    public static async Task<Tenant> Create(ServerProcess server)
    {
        var (mark, secret) = (
            $"m{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}",
            $"only-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}"
        );
        var app = await App.Create(
            server,
            [
                "userNamesEnabled=1",
                "anonymousLoginEnabled=1",
                "twoFactorVerification=phone",
                "emailCodeLogin=1",
                "sessionMode=refresh",
                "passkeysEnabled=1",
                "passkeyRpId=example.org",
                "tokenMinutes=1440",
                "callsPerSecond=1000000",
                "messagesPerHour=1000000",
                "locales=EN,DE",
                """metaData=[{"path":"note","fieldName":"note"}]""",
                """metaDataInvite=[{"path":"invited","fieldName":"invited"}]""",
            ],
            $"App {secret}"
        );
        var una = await app.CreateUserByCode($"una@{mark}.example", Password, $$"""{"note":"{{secret}}"}""");
        (await una.Post("setUserName", new { userName = $"una-{mark}" })).ShouldBeTrue();
        var (first, second) = (Phone(), Phone());
        var gus = await app.CreateUserByCode($"gus@{mark}.example", Password);
        await gus.EnablePhone(first);
        var loginToken = await app.LoginToken($"gus@{mark}.example", Password);
        var loginCode = await app.BeginCodeLogin($"gus@{mark}.example");
        (await una.Post("setPhone", new { phone = second })).ShouldBeTrue();
        (await app.Signup($"sig@{mark}.example", Password, $$"""{"note":"{{secret}}"}""")).ShouldBeTrue();
        (await app.InviteByServer($"inv@{mark}.example", $$"""{"invited":"{{secret}}"}""")).ShouldBeTrue();
        (await app.ForgotPassword($"una@{mark}.example")).ShouldBeTrue();
        (await app.Installation.Run("app", "key", "add", app.Id)).ShouldSucceed();
        (await app.Installation.Run("app", "token", "renew", app.Id)).ShouldSucceed();
        (await app.Installation.Run("app", "secret", "add", app.Id, "--label", secret)).ShouldSucceed();
        var (owner, member) = (
            await (await PortalAccount.Create(server, secret)).AddAsMember(app.Id, "owner"),
            await (await PortalAccount.Create(server, secret)).AddAsMember(app.Id, "viewer")
        );
        var browser = await owner.SignIn();
        await browser.Post(
            $"/portal/applications/{app.Id}/members",
            "invite",
            ("email", PortalAccount.UniqueEmail("invited")),
            ("role", "viewer")
        );
        await browser.Post($"/portal/applications/{app.Id}/logs/export", "export");
        await WaitUntil.IsTrue(
            "the export is there",
            async () =>
                await app.Installation.Query<long>("SELECT COUNT(*) FROM jobs WHERE app_id = @Id AND state = 'done'", new { app.Id }) == 1
        );
        var petition = Latchkey.Data.Ids.New(TimeProvider.System);
        await app.Installation.Execute(
            "INSERT INTO petitions (id, app_id, petitioner, against, reason, words, state, answer, answered_by, created_at, "
                + "answered_at) VALUES (@petition, @Id, 'x', 'blocked', @secret, @secret, 'declined', @secret, 'x', 1, 2)",
            new
            {
                petition,
                app.Id,
                secret,
            }
        );
        await app.Installation.Execute(
            "INSERT INTO domain_requests (app_id, host, proof, requester, created_at, flaw) VALUES (@Id, @host, @secret, @secret, 1, @secret)",
            new
            {
                app.Id,
                host = $"{mark}.example",
                secret,
            }
        );
        await app.Installation.Execute(
            "INSERT INTO templates (app_id, locale, kind, subject, reply_to, html, link_text, updated_at) VALUES (@Id, 'EN', "
                + "'resetPassword', @secret, '', '<p>%CODE%</p>', '', 1)",
            new { app.Id, secret }
        );
        await app.Installation.Execute(
            "INSERT INTO template_versions (app_id, locale, kind, version, subject, reply_to, html, link_text, actor, saved_at) VALUES "
                + "(@Id, 'EN', 'signUp', 1, @secret, '', '<p>%CODE%</p>', '', @secret, 1)",
            new { app.Id, secret }
        );
        await app.Installation.Execute(
            "INSERT INTO remembered_devices (app_id, id, user_id, token_hash, device_name, client, created_at, expires_at) VALUES "
                + "(@Id, 'device', @user, 'hash', @secret, @secret, 1, 9000000000000)",
            new
            {
                app.Id,
                user = una.Id(),
                secret,
            }
        );
        await app.Installation.Execute(
            "INSERT INTO recovery_codes (app_id, id, user_id, code_hash, ring_key, created_at) VALUES (@Id, 'code', @user, 'hash', 'x', 1)",
            new { app.Id, user = una.Id() }
        );
        var asset = await Store(app, una, secret);
        var resource = $"https://api.{mark}.example/{secret}";
        (await app.Installation.Run("resource", "add", app.Id, resource, "--name", secret)).ShouldSucceed();
        var made = (
            await app.Installation.Run("client", "create", app.Id, "--name", secret, "--type", "web", "--resource", resource, "--json")
        ).ShouldSucceed();
        var client = made.Json.GetProperty("clientId").GetString()!;
        var shown = (await app.Installation.Run("client", "show", app.Id, client, "--json")).ShouldSucceed().Json;
        var link = await app.GiveIdentity($"una@{mark}.example", "google", secret);
        var provider = $"provider-{mark}";
        string[] values = [$"alias={provider}", "name=Company", "issuer=https://login.example.com", $"clientId={secret}"];
        (await app.Installation.RunWithInput(secret, ["provider", "create", app.Id, "oidc", .. values, "--secret-stdin"])).ShouldSucceed();
        var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["AppId"] = app.Id,
            ["UserId"] = una.Id(),
            ["user"] = una.Id(),
            ["DeveloperId"] = member.Id,
            ["PetitionId"] = petition,
            ["Domain"] = $"{mark}.example",
            ["AssetId"] = asset,
            ["link"] = link,
            ["client"] = client,
            ["ClientId"] = client,
            ["SecretId"] = shown.GetProperty("secrets")[0].GetProperty("id").GetString()!,
            ["secret"] = shown.GetProperty("secrets")[0].GetProperty("id").GetString()!,
            ["resource"] = resource,
            ["provider"] = provider,
            ["Alias"] = provider,
            ["Key"] = "github",
            ["To"] = "inactive",
            ["State"] = "off",
            ["List"] = "metaData",
            ["Locale"] = "EN",
            ["Kind"] = "signUp",
            ["Version"] = "1",
            ["Code"] = "DE",
            ["PasskeyId"] = "none", // of a portal account
            ["AccountId"] = "none", // billing is off
            ["InvoiceId"] = "none",
            ["Format"] = "pdf",
        };
        foreach (var (name, sql) in IdsByRow)
        {
            ids[name] =
                await app.Installation.Query<string>(sql, new { app.Id, user = una.Id() })
                ?? throw new InvalidOperationException($"there is no {name}");
        }

        var passkeyAnswers = await AddPasskey(app, una, secret);
        ids["passkey"] = (await una.Passkey()).GetProperty("id").GetString()!;
        ids["session"] = ids["SessionMark"] = Latchkey.Cryptography.Secrets.Hash(ids["SessionId"]); // what pages call a session
        ids["Fingerprint"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(app.Secret)))[..12]; // and a secret
        var cursor = (await app.SendAsServer(HttpMethod.Get, "users?limit=1")).ShouldBeOk().Json.GetProperty("next").GetString()!;
        return new(app, browser, una, await app.LoginAnonymous($"ANON_{mark}"))
        {
            Secret = secret,
            Mark = mark,
            Ids = ids,
            LoginToken = loginToken,
            PasskeyAnswers = passkeyAnswers,
            Cursor = cursor,
            Codes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["signup"] = await app.LastCodeFor($"sig@{mark}.example"),
                ["invitation"] = await app.LastCodeFor($"inv@{mark}.example"),
                ["reset"] = await app.LastCodeFor($"una@{mark}.example"),
                ["phone"] = await app.LastCodeFor(second),
                ["login"] = await app.LastCodeFor(first),
                ["loginCode"] = await app.LastCodeFor($"gus@{mark}.example"),
                ["loginLink"] = await app.LastLinkTokenFor($"gus@{mark}.example"),
                ["loginRequest"] = loginCode.Token,
            },
        };
    }

    private static readonly (string Name, string Sql)[] IdsByRow =
    [
        ("InvitationId", "SELECT MIN(id) FROM invitations WHERE app_id = @Id"),
        ("SignupId", "SELECT MIN(id) FROM signups WHERE app_id = @Id AND handle LIKE 'sig@%'"),
        ("MailId", "SELECT MAX(id) FROM messages WHERE app_id = @Id AND channel <> 'sms'"),
        ("KeyId", "SELECT MIN(id) FROM signing_keys WHERE app_id = @Id AND state = 'announced'"),
        ("TokenId", "SELECT MIN(id) FROM app_tokens WHERE app_id = @Id"),
        ("JobId", "SELECT MIN(id) FROM jobs WHERE app_id = @Id"),
        ("SessionId", "SELECT MIN(id) FROM sessions WHERE app_id = @Id AND user_id = @user"),
        ("DeveloperInvitationId", "SELECT MIN(id) FROM developer_invitations WHERE app_id = @Id"),
    ];

    private static async Task<Dictionary<string, (string RequestToken, string Credential)>> AddPasskey(
        App app,
        LoggedInUser user,
        string name
    )
    {
        using var held = new SoftAuthenticator();
        using var next = new SoftAuthenticator();
        (await user.AddPasskey(held, name)).ShouldBeOk();
        var (registering, signingIn) = (await user.Ask(), await app.Post("passkeyLoginOptions", new { }));
        return new(StringComparer.Ordinal)
        {
            ["register"] = (registering.RequestToken(), next.Register(registering.Json)),
            ["login"] = (signingIn.RequestToken(), held.Sign(signingIn.Json)),
        };
    }

    /// <summary>A user's file, in a bucket at an address where nothing listens.</summary>
    private static async Task<string> Store(App app, LoggedInUser user, string secret)
    {
        (
            await app.Installation.RunWithInput(
                secret,
                ["storage", "set", app.Id, "--endpoint", "https://127.0.0.1:9", "--bucket", "files", "--key-id", "K", "--secret-stdin"]
            )
        ).ShouldSucceed();
        var body = new
        {
            path = $"{secret}.png",
            contentType = "image/png",
            size = 1,
        };
        var id = (await user.Post("createAsset", body)).ShouldBeOk().Json.GetProperty("id").GetString()!;
        await app.Installation.Execute("UPDATE storage_assets SET completed_at = created_at WHERE id = @id", new { id });
        return id;
    }

    private static string Phone() => $"+49151{RandomNumberGenerator.GetInt32(10_000_000, 99_999_999)}";
}
