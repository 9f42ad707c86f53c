namespace Latchkey.Tests.Operations.UserTransfer;

/// <summary>
/// Files of other systems in the forms that their documentation gives (tests/TestData/import-samples): they come in with the options that
/// the refused import proposed, pasted into a shell as they stand.
/// </summary>
public sealed class OtherSystemsTests(ServerFixture servers)
{
    private const string SamplePassword = "Correct-Horse-9";

    /// <summary>File; then for each user who comes in: handle, then v for a verified address, s for suspended, p for a password.</summary>
    public static TheoryData<string, string> Samples =>
        new()
        {
            { "aspnet.csv", "asp1 vp" },
            { "auth0-hashes.ndjson", "auth0a vp, auth0b p" },
            { "auth0-import.json", "auth0c vp, auth0d vp" },
            { "auth0-export.ndjson", "auth0e v, auth0f vs, auth0g v" },
            { "clerk.csv", "clerk1 vp, clerk2" },
            { "cognito.csv", "cog1 v, cog2" },
            { "cognito.json", "cog3 v, cog4 s" },
            { "django.csv", "dj2 p" },
            { "django.json", "dj3 s, dj4 p" },
            { "firebase.csv", "fire1 v" },
            { "firebase.json", "fire1 v, fire2 v" },
            { "firebase-admin.json", "fire3 v, fire4 s" },
            { "keycloak.json", "kc1 vp, kc2 vp" },
            { "kratos.json", "kratos1 vp, kratos2 s" },
            { "laravel.csv", "lara1 vp, lara2 p, lara3 vsp" },
            { "parse.json", "parse1 vp, parse2 p" },
            { "pocketbase.json", "pb1 vp, pb2 p" },
            { "supabase.csv", "supa1 vp, supa3 vp" },
            { "supabase.json", "supa4 v, supa5 vs" },
            { "wordpress.csv", "wp1, wp2 p, wp3 sp" },
        };

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Users_come_in_as_the_file_has_them(string file, string users)
    {
        var app = await (await servers.Unlimited()).CreateApp("userNamesEnabled=1");
        File.Copy(TransferFiles.Sample(file), TransferFiles.In(app, file));
        var refused = await app.Installation.Run("user", "import", app.Id, TransferFiles.In(app, file));
        if (refused.ExitCode != 0)
        {
            (await app.Users()).ShouldBe(0);
            await app.PasteImport(file, refused.ProposedOptions(), "--skip-bad");
        }

        var came = await app.Installation.Query<string>(
            $"""
            SELECT {(
                Engine.IsPostgres ? "string_agg(u, ', ' ORDER BY u COLLATE \"C\")" : "group_concat(u, ', ')"
            )} FROM (SELECT TRIM(REPLACE(handle, '@example.com', ' ')
              || CASE WHEN email_verified THEN 'v' ELSE '' END || CASE WHEN status = 'suspend' THEN 's' ELSE '' END
              || CASE WHEN password_hash IS NULL THEN '' ELSE 'p' END) AS u FROM users WHERE app_id = @Id ORDER BY handle) AS all_users
            """,
            new { app.Id }
        );
        came.ShouldBe(users);
        foreach (var user in users.Split(", ").Select(user => user.Split(' ')))
        {
            var reply = await app.TryLogin($"{user[0]}@example.com", SamplePassword);
            var flags = user.Length > 1 ? user[1] : "";
            (reply.Code ?? 0).ShouldBe(
                !flags.Contains('p') ? 600
                    : flags.Contains('s') ? 404
                    : 0,
                reply.Text
            );
        }
    }

    [Fact]
    public async Task Second_factors_accounts_numbers_and_languages_come_along()
    {
        var app = await servers.Main.CreateApp("userNamesEnabled=1", "locales=EN,DE", "twoFactorVerification=google");
        async Task<string> Came(string file, string handle, string columns)
        {
            (
                await app.Installation.Run(
                    "user",
                    "import",
                    app.Id,
                    TransferFiles.Sample(file),
                    "--ignore-unknown",
                    "--skip-bad",
                    "--rejects",
                    TransferFiles.In(app, "rejects")
                )
            ).ExitCode.ShouldBe(0);
            return await app.Installation.Query<string>(
                $"SELECT {columns} FROM users u LEFT JOIN (SELECT app_id, user_id, subject FROM user_identities) i "
                    + "ON i.app_id = u.app_id AND i.user_id = u.id WHERE u.app_id = @Id AND handle = @handle",
                new { app.Id, handle = $"{handle}@example.com" }
            );
        }

        (await Came("keycloak.json", "kc1", "locale || u.id")).ShouldBe("DEf27826f7-6ec1-4283-822f-10e0c51a9089");
        (await Came("firebase.json", "fire2", "login_provider || subject")).ShouldBe("google1098765432101234567");
        (await Came("kratos.json", "kratos2", "login_provider || subject")).ShouldBe("google1098765432101234999");
        (await Came("parse.json", "parse2", "login_provider || subject")).ShouldBe("google1234567890");
        (await Came("supabase.csv", "supa3", "phone")).ShouldBe("+4930123456");
        (await Came("firebase.json", "fire1", "phone")).ShouldBe("+4930123459");
        (await Came("firebase-admin.json", "fire3", "login_provider || subject || phone || created_at || '-' || last_login_at")).ShouldBe(
            "google1098765432101234333+49301234581600000000000-1700000000000"
        );
        (await Came("firebase-admin.json", "fire3", "metadata")).ShouldBe("{}");
        (await Came("auth0-export.ndjson", "auth0g", "login_provider || subject")).ShouldBe(
            "apple001234.abcdef0123456789abcdef0123456789.0006"
        );
        (await Came("supabase.json", "supa4", "login_provider || subject")).ShouldBe("google109876543210123450004");
        (await Came("supabase.json", "supa5", "login_provider || subject || phone")).ShouldBe(
            "apple001234.abcdef0123456789abcdef0123456789.0005+4930123457"
        );
        (await Came("cognito.json", "cog3", "pending_phone")).ShouldBe("+15551112235");
        (await Came("clerk.csv", "clerk1", "phone")).ShouldBe("+15551112233");
        (await Came("wordpress.csv", "wp1", "user_name")).ShouldBe("admin");
        // Keycloak keeps the seed as a text, authenticator apps know its bytes in base32
        (await Came("keycloak.json", "kc2", "handle")).ShouldBe("kc2@example.com");
        var keycloak = await app.LoginToken("kc2", SamplePassword);
        app.ParseTokens(await app.LoginComplete(keycloak, new Authenticator("J5EFEWDDGBYDKUZTMRJGEVLINVITE4BQ").Code()));
    }

    [Fact]
    public async Task What_a_system_hashes_in_its_own_way_is_named_once_with_what_to_do()
    {
        var app = await servers.Main.CreateApp();
        foreach (var (file, kind) in new[] { ("firebase.json", "scrypt (Firebase)"), ("wordpress.csv", "phpass (WordPress)") })
        {
            var printed = await app.Installation.Run("user", "import", app.Id, TransferFiles.Sample(file), "--ignore-unknown", "--dry-run");
            var notes = printed.Error.Split('\n').Where(line => line.Contains("passwordHash")).ToList();
            notes.Count(note => note.Contains(kind)).ShouldBe(1, printed.Error);
            notes.ShouldContain(note => note.Contains("must reset their password"));
        }
    }
}
