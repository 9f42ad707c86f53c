using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Latchkey.Api.Signup;

namespace Latchkey.Tests.Contract;

/// <summary>JSON and forms alike, as four generations of clients send them.</summary>
public sealed class RequestBodyTests(ServerFixture servers)
{
    private const string Name = """metaData=[{"path":"user_data.name","fieldName":"name","canEdit":1,"required":1}]""";

    [Fact]
    public async Task A_form_is_read_like_json()
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        var form = new FormUrlEncodedContent([new("handle", "ann@example.com"), new("password", App.Password)]);
        (await app.PostRaw("login", form, ("app-token", app.Token))).ShouldBeOk();
    }

    [Fact]
    public async Task Raw_json_may_stand_in_a_form_as_the_Swift_sdk_sends_it()
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none", Name);
        var form = Body(
            $"handle=ann%2Bapp@example.com&password={App.Password}&metaData=" + """{"user_data":{"name":"Ann = B"}}""",
            "application/x-www-form-urlencoded"
        );
        var ann = app.ParseTokens(await app.PostRaw("signup", form, ("app-token", app.Token)));
        ann.Claims.GetProperty("sub").GetString().ShouldBe("ann+app@example.com");
        ann.Claims.GetProperty("user_data").GetProperty("name").GetString().ShouldBe("Ann = B");
    }

    [Theory]
    [InlineData("""metaData={"user_data":{"name":"Ann & B"}}&locale=EN""", "Ann & B")]
    [InlineData("""locale=EN&metaData={"user_data":{"name":"A+B & C"}}""", "A+B & C")]
    [InlineData("""metaData={"user_data":{"name":"&handle=eve@example.com&locale=XX"}}&locale=EN""", "&handle=eve@example.com&locale=XX")]
    public async Task An_ampersand_in_raw_json_is_part_of_it(string rest, string name)
    {
        var app = await servers.Main.CreateApp("signupFlow=none", Name);
        var form = Form($"handle=ann@example.com&password={App.Password}&{rest}");
        var ann = app.ParseTokens(await app.PostRaw("signup", form, ("app-token", app.Token)));
        ann.Claims.GetProperty("sub").GetString().ShouldBe("ann@example.com");
        ann.Claims.GetProperty("user_data").GetProperty("name").GetString().ShouldBe(name);
    }

    [Fact]
    public async Task A_raw_value_that_never_parses_ends_at_the_next_parameter()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", Name);
        var form = Form("metaData={bad & worse&other=1&handle=ann@example.com&password=" + App.Password);
        (await app.PostRaw("signup", form, ("app-token", app.Token))).ShouldFailWith(604); // and not 403
    }

    [Theory]
    [InlineData("handle=ann+app@example.com")]
    [InlineData("handle=+ann+app@example.com+")]
    [InlineData("handle=ann%20app@example.com")]
    public async Task A_space_in_the_handle_of_a_form_is_a_lost_plus(string handle)
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var password = $"&password={App.Password}";
        app.ParseTokens(await app.PostRaw("signup", Form(handle + password), ("app-token", app.Token)))
            .Claims.GetProperty("sub")
            .GetString()
            .ShouldBe("ann+app@example.com");
        app.ParseTokens(await app.PostRaw("login", Form(handle + password), ("app-token", app.Token)));
        (await app.Signup("bob app@example.com")).ShouldFailWith(602); // in JSON nothing is lost
    }

    [Fact]
    public async Task A_plus_in_the_password_of_a_form_is_a_space()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com", "correct horse+battery");
        (
            await app.PostRaw("login", Form("handle=ann@example.com&password=correct+horse%2Bbattery"), ("app-token", app.Token))
        ).ShouldBeOk();
    }

    [Theory]
    [InlineData("gr%FCne+Wiese", "gr%FFne+Wiese")]
    [InlineData("gr%FCne+Wiese", "gr%EF%BF%BDne+Wiese")]
    public async Task Bytes_that_are_not_utf8_are_no_password(string password, string other)
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        (await app.PostRaw("signup", Form($"handle=ann@example.com&password={password}"), ("app-token", app.Token))).ShouldFailWith(602);
        (await app.CountUsers("ann@example.com")).ShouldBe(0);
        (await app.PostRaw("signup", Form($"handle=ann@example.com&password=gr%C3%BCne+Wiese"), ("app-token", app.Token))).ShouldBeOk();
        var login = await app.PostRaw("login", Form($"handle=ann@example.com&password={other}"), ("app-token", app.Token));
        login.ShouldFailWith(other.Contains("%EF") ? 600 : 602);
    }

    [Theory]
    [InlineData("handle=l%E9on@example.com&password=x")]
    [InlineData("handle=l%E8on@example.com&password=x")]
    public async Task Bytes_that_are_not_utf8_are_no_handle(string form)
    {
        var app = await servers.Main.CreateApp();
        (await app.PostRaw("login", Form(form), ("app-token", app.Token))).ShouldFailWith(602);
    }

    [Theory]
    [InlineData("userName=l%E9on")]
    [InlineData("userName=leon&x=%FF")]
    [InlineData("userName=leon&userName=lea")]
    public async Task A_query_is_read_as_strictly(string query)
    {
        var ann = await (await servers.Main.CreateApp("signupFlow=none", "userNamesEnabled=1")).CreateUser("ann@example.com");
        (await ann.Get($"userNameAvailable?{query}")).ShouldFailWith(602);
    }

    [Fact]
    public async Task A_code_as_a_number_is_padded_to_six_digits()
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        var hash = (await app.Installation.Get<SignupRequests>()).CodeHashes(app.Id, "ann@example.com", "000042")[0];
        await app.Installation.Execute("UPDATE signups SET code_hash = @hash WHERE app_id = @Id", new { hash, app.Id });
        (await app.Post("completeSignup", new { handle = "ann@example.com", code = 42 })).ShouldBeOk();
    }

    [Fact]
    public async Task Unknown_fields_are_ignored()
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none");
        (
            await app.Post(
                "signup",
                new
                {
                    handle = "ann@example.com",
                    password = App.Password,
                    status = "active",
                    uid = 5,
                    role = new[] { "admin" },
                }
            )
        ).ShouldBeOk();
    }

    [Fact]
    public async Task A_byte_order_mark_is_skipped()
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none");
        var body = new ByteArrayContent([
            .. Encoding.UTF8.Preamble,
            .. Encoding.UTF8.GetBytes($$"""{"handle":"ann@example.com","password":"{{App.Password}}"}"""),
        ]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await app.PostRaw("signup", body, ("app-token", app.Token))).ShouldBeOk();
    }

    [Theory]
    [InlineData("""{"handle":"a@example.com","handle":"b@example.com","password":"12345678"}""", "application/json")]
    [InlineData("""{"handle":["a@example.com"],"password":"12345678"}""", "application/json")]
    [InlineData("""{"handle":{"a":1},"password":"12345678"}""", "application/json")]
    [InlineData("""{"handle":5,"password":"12345678"}""", "application/json")]
    [InlineData("""{"handle":"\ud800@example.com","password":"12345678"}""", "application/json")]
    [InlineData("""{"handle":"a\u0000@example.com","password":"12345678"}""", "application/json")]
    [InlineData("""{"handle":"a@example.com","password":"12345678\ufffe"}""", "application/json")]
    [InlineData("""{"handle":"a\ufffe@example.com","password":"12345678"}""", "application/json")]
    [InlineData("""{"handle":"a@example.com","password":"12345678",}""", "application/json")]
    [InlineData("""["a@example.com","12345678"]""", "application/json")]
    [InlineData("not json", "application/json")]
    [InlineData(
        """{"handle":"a@example.com","password":"12345678","x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""",
        "application/json"
    )]
    [InlineData("handle=a@example.com&handle=b@example.com&password=12345678", "application/x-www-form-urlencoded")]
    [InlineData("handle=a%00@example.com&password=12345678", "application/x-www-form-urlencoded")]
    [Covers(602)]
    public async Task What_does_not_parse_is_invalid_data(string body, string type)
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.PostRaw("signup", Body(body, type), ("app-token", app.Token))).ShouldFailWith(602);
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM signups WHERE app_id = @Id", new { app.Id })).ShouldBe(0);
    }

    [Fact]
    public async Task A_form_that_is_not_utf8_is_invalid_data()
    {
        var app = await servers.Main.CreateRsaApp();
        var body = new ByteArrayContent([.. "handle="u8, 0xFF, .. "&password=x"u8]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        (await app.PostRaw("login", body, ("app-token", app.Token))).ShouldFailWith(602);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"handle":"ann@example.com"}""")]
    [InlineData("""{"handle":"","password":"12345678"}""")]
    [InlineData("""{"handle":null,"password":"12345678"}""")]
    [InlineData("""{"HANDLE":"ann@example.com","password":"12345678"}""")]
    [InlineData("""{"handle":5}""")]
    [Covers(403)]
    public async Task A_missing_parameter_is_told_before_a_wrong_one(string body)
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.PostRaw("signup", Body(body, "application/json"), ("app-token", app.Token))).ShouldFailWith(403);
    }

    [Fact]
    public async Task No_body_at_all_misses_its_parameters()
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.PostRaw("login", null, ("app-token", app.Token))).ShouldFailWith(403);
    }

    [Fact]
    public async Task Another_media_type_is_unsupported()
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.PostRaw("login", Body("<handle/>", "application/xml"), ("app-token", app.Token))).ShouldFailWith(
            602,
            HttpStatusCode.UnsupportedMediaType
        );
    }

    [Fact]
    public async Task A_body_above_100_KiB_is_refused()
    {
        var app = await servers.Main.CreateRsaApp();
        (await app.Post("login", new { handle = "ann@example.com", password = new string('x', 101 * 1024) })).ShouldFailWith(
            602,
            HttpStatusCode.RequestEntityTooLarge
        );
    }

    [Fact]
    public async Task A_body_just_below_100_KiB_is_read()
    {
        var app = await servers.Main.CreateRsaApp();
        (
            await app.PostRaw(
                "login",
                JsonContent.Create(
                    new
                    {
                        handle = "ann@example.com",
                        password = "wrong password",
                        more = new string('x', 99 * 1024),
                    }
                ),
                ("app-token", app.Token)
            )
        ).ShouldFailWith(600);
    }

    private static StringContent Form(string text) => Body(text, "application/x-www-form-urlencoded");

    private static StringContent Body(string text, string type) => new(text, Encoding.UTF8, type);
}
