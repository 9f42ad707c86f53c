using Latchkey.Operations.UserTransfer;
using Latchkey.Users;

namespace Latchkey.Tests.Operations.UserTransfer;

/// <summary>Values that mean the same in other systems.</summary>
public sealed class ImportValuesTests(ServerFixture servers)
{
    [Theory]
    [InlineData("2024-01-31T12:00:00Z")]
    [InlineData("2024-01-31T12:00:00.000Z")]
    [InlineData("2024-01-31T12:00:00")]
    [InlineData("2024-01-31T13:00:00+01:00")]
    [InlineData("2024-01-31 12:00:00+00")] // PostgreSQL
    [InlineData("2024-01-31 12:00:00.000000+00")]
    [InlineData("2024-01-31 17:30:00+0530")]
    [InlineData("2024-01-31 12:00:00 UTC")] // Rails
    [InlineData("2024-01-31 12:00:00.000000 UTC")]
    [InlineData("2024-01-31 12:00:00.123456789 +0000 UTC")] // Go
    [InlineData("2024-01-31 14:00:00 +0200 CEST")]
    [InlineData("2024-01-31 12:00:00.0000000 +00:00")] // SQL Server
    [InlineData("Jan 31 2024 12:00PM")]
    [InlineData("Wed, 31 Jan 2024 12:00:00 GMT")] // RFC 1123
    [InlineData("Wed Jan 31 2024 12:00:00 GMT+0000 (Coordinated Universal Time)")] // JavaScript
    [InlineData("Wed Jan 31 12:00:00 2024")] // C
    [InlineData("31.01.2024 12:00")]
    [InlineData("31.01.2024 12:00:00")]
    [InlineData("2024/01/31 12:00:00")]
    [InlineData("1/31/2024 12:00:00 PM")]
    [InlineData("31 Jan 2024 12:00:00")]
    [InlineData("20240131T120000Z")]
    [InlineData("20240131120000")]
    [InlineData("1706702400")]
    [InlineData("1706702400.0")]
    [InlineData("1706702400000")]
    [InlineData("1.7067024E+12")]
    [InlineData("1706702400000000")]
    [InlineData("1706702400000000000")]
    public void The_usual_spellings_of_a_time_are_understood(string text) =>
        (ImportTime.Read(text).ShouldNotBeNull(text) / 1000).ShouldBe(1_706_702_400, text);

    [Theory]
    [InlineData("yesterday")]
    [InlineData("01/02/2024")] // which of the two is the month?
    [InlineData("01/02/2024 12:00")]
    [InlineData("2024-13-01")]
    [InlineData("1969-12-31T23:59:59Z")]
    [InlineData("2300-01-01")]
    [InlineData("2024-01-31 12:00:00 CEST")]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("1e400")]
    public void What_is_no_time_or_could_be_two_is_refused(string text) => ImportTime.Read(text).ShouldBeNull();

    [Theory]
    [InlineData("9999-12-31 23:59:59.9999999 +00:00", true)] // ASP.NET's longest
    [InlineData("infinity", true)]
    [InlineData("2123-05-01 10:11:12+00", true)]
    [InlineData("2001-05-01 10:11:12+00", false)]
    [InlineData("0001-01-01T00:00:00", false)]
    [InlineData("0000-00-00 00:00:00", false)]
    [InlineData("0", false)]
    [InlineData("soon", null)]
    public void Times_without_an_end_are_to_come_and_those_that_never_were_are_not(string text, bool? isFuture) =>
        ImportTime.IsFuture(text, now: 1_795_000_000_000).ShouldBe(isFuture);

    [Theory]
    [InlineData(true, "true", "TRUE", "t", "1", "yes", "Y", "on", "1.0", "b'1'", "\u0001", "WAHR", "VRAI")]
    [InlineData(false, "false", "False", "f", "0", "no", "n", "off", "0.0", "b'0'", "FALSCH")]
    [InlineData(null, "", "maybe", "2", "tr ue")]
    public void The_usual_spellings_of_a_flag_are_understood(bool? flag, params string[] texts) =>
        texts.ShouldAllBe(text => ImportText.Flag(text) == flag);

    [Theory]
    [InlineData("2024-01-31 12:00:00+00", true)]
    [InlineData("1706702400000", true)]
    [InlineData("0001-01-01", false)]
    [InlineData("f", false)]
    [InlineData("2", null)]
    [InlineData("-1", null)]
    public void A_time_can_stand_for_a_flag_and_a_small_number_cannot(string text, bool? flag) =>
        ImportText.FlagOrTime(text).ShouldBe(flag);

    [Theory]
    [InlineData(SocialProvider.Google, "google", "google.com", "google-oauth2", "Google", "oauth_google", "https://accounts.google.com")]
    [InlineData(SocialProvider.Apple, "apple", "apple.com", "APPLE", "SignInWithApple", "appleid.apple.com", "oauth_apple")]
    [InlineData("", "", "email", "password", "auth0", "local", "emailpassword")]
    [InlineData(null, "facebook.com", "github", "googlemail")]
    public void Providers_are_known_by_their_names_elsewhere(string? provider, params string[] texts) =>
        texts.ShouldAllBe(text => LinkedAccounts.ParseProvider(text) == provider);

    [Theory]
    [InlineData("is_active", "f")]
    [InlineData("enabled", "0")]
    [InlineData("active", "no")]
    [InlineData("blocked", "true")]
    [InlineData("disabled", "1")]
    [InlineData("is_banned", "YES")]
    [InlineData("locked_at", "2024-01-31 12:00:00")]
    [InlineData("deleted_at", "2024-01-31 12:00:00")]
    [InlineData("banned_until", "2190-01-31 12:00:00+00")]
    [InlineData("LockoutEnd", "9999-12-31 23:59:59.9999999 +00:00")]
    [InlineData("status", "inactive")]
    [InlineData("Status", "SUSPENDED")]
    [InlineData("status", "LOCKED_OUT")]
    [InlineData("status", "0")]
    [InlineData("state", "inactive")]
    [InlineData("user_status", "1")]
    [InlineData("spam", "1")]
    [InlineData("is_archived", "true")]
    [InlineData("archived_at", "2024-01-31 12:00:00")]
    [InlineData("inactive", "1")]
    [InlineData("block", "1")]
    [InlineData("accountNonLocked", "false")]
    [InlineData("nsAccountLock", "TRUE")]
    [InlineData("lockUntil", "2190-01-31 12:00:00")]
    [InlineData("banExpires", "2190-01-31 12:00:00")]
    [InlineData("discarded_at", "2024-01-31 12:00:00")]
    public async Task Who_is_suspended_there_is_suspended_here(string column, string value)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.Import("users.csv", $"email,{column}\nann@example.com,{value}\n")).ShouldSucceed();
        (await app.Import("users.json", $"[{{\"email\":\"bob@example.com\",\"{column}\":\"{value}\"}}]")).ShouldSucceed();
        (await Statuses(app)).ShouldBe("suspend suspend");
    }

    [Theory]
    [InlineData("is_active", "t")]
    [InlineData("is_active", "NULL")]
    [InlineData("blocked", "false")]
    [InlineData("deleted_at", "NULL")]
    [InlineData("deleted_at", "\\N")]
    [InlineData("deleted_at", "0000-00-00 00:00:00")]
    [InlineData("banned_until", "2001-01-31 12:00:00+00")]
    [InlineData("status", "CONFIRMED")]
    [InlineData("state", "Texas")]
    [InlineData("user_status", "0")]
    [InlineData("spam", "0")]
    [InlineData("archived_at", "NULL")]
    [InlineData("lockUntil", "2001-01-31 12:00:00")]
    [InlineData("accountNonLocked", "true")]
    public async Task And_nobody_else_is(string column, string value)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.Import("users.csv", $"email,{column}\nann@example.com,{value}\n")).ShouldSucceed();
        (await Statuses(app)).ShouldBe("active");
    }

    [Theory]
    [InlineData("blocked", "perhaps")]
    [InlineData("is_active", "2")]
    [InlineData("status", "pending")]
    [InlineData("banned_until", "soon")]
    public async Task Where_it_cannot_be_told_nobody_comes_in(string column, string value)
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var printed = await app.Import("users.csv", $"email,{column}\nann@example.com,{value}\n");
        (printed.ExitCode, await app.Users()).ShouldBe((1, 0));
        printed.Output.ShouldContain("line 2: status: ");
    }

    [Fact]
    public async Task The_text_NULL_is_no_value_and_a_user_may_be_called_null()
    {
        var app = await servers.Main.CreateApp();
        (
            await app.Import(
                "users.csv",
                """
                email,username,phone,created_at,email_verified,password,locale,metaData.city
                ann@example.com,NULL,NULL,NULL,NULL,NULL,NULL,NULL
                bob@example.com,null,null,null,null,null,null,Rome
                """
            )
        ).ShouldSucceed();
        async Task<string> User(string handle) =>
            await app.Installation.Query<string>(
                "SELECT COALESCE(user_name, '-') || metadata FROM users WHERE app_id = @Id AND handle = @handle",
                new { app.Id, handle }
            );
        (await User("ann@example.com")).ShouldBe("-{}");
        (await User("bob@example.com")).ShouldBe("""null{"city":"Rome"}""");
    }

    [Fact]
    public async Task Numbers_languages_and_addresses_come_in_as_databases_hold_them()
    {
        var app = await servers.Main.CreateApp("locales=EN,FR,PT-BR");
        (
            await app.Import(
                "users.csv",
                """
                email,email_confirmed_at,phone,phone_confirmed_at,locale
                a@example.com,2024-01-31 12:00:00.123456+00,4930123456,2024-01-31 12:00:00+00,en-US
                b@example.com,,+49 (0)30 123-457,,fr_CA.UTF-8
                c@example.com,NULL,0033123456789,NULL,pt_BR
                d@example.com,0000-00-00 00:00:00,030 123456,t,xx
                """
            )
        ).ShouldSucceed().Error.ShouldContain("phone is omitted: it is not a number with its country code");
        async Task<string> User(string name) =>
            await app.Installation.Query<string>(
                "SELECT COALESCE(phone, '-') || ' ' || COALESCE(pending_phone, '-') || ' ' || locale || CASE WHEN email_verified THEN ' verified' ELSE '' END FROM users WHERE app_id = @Id AND handle = @handle",
                new { app.Id, handle = $"{name}@example.com" }
            );
        (await User("a")).ShouldBe("+4930123456 - EN verified");
        (await User("b")).ShouldBe("- +4930123457 FR");
        (await User("c")).ShouldBe("- +33123456789 PT-BR");
        (await User("d")).ShouldBe("- - EN");
    }

    private static async Task<string> Statuses(App app) =>
        await app.Installation.Query<string>(
            Engine.IsPostgres
                ? "SELECT string_agg(status, ' ') FROM users WHERE app_id = @Id"
                : "SELECT group_concat(status, ' ') FROM users WHERE app_id = @Id",
            new { app.Id }
        );
}
