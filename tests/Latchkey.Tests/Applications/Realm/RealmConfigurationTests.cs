using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Tests.Applications.Realm;

/// <summary>The portal configures a Realm application through the Admin API, and takes it back.</summary>
[Collection(RealmServerFixture.Collection)]
public sealed class RealmConfigurationTests(RealmServerFixture shared)
{
    private const string NameField = """metaData=[{"path":"user_data.name","fieldName":"name","canEdit":1,"required":1}]""";
    private const string InviteField = """metaDataInvite=[{"path":"club.role","fieldName":"clubRole","canEdit":0,"required":0}]""";

    [Fact]
    public async Task Creates_the_secret_and_the_provider_as_the_api_wants_them()
    {
        var visit = await RealmPageClient.Begin(shared, NameField, InviteField);
        (await visit.Configure()).Location.ShouldBe($"{visit.Page}?ran=1#configure");
        visit
            .Writes()
            .Select(write => (write.Method, write.Path, write.Body!.ToJsonString()))
            .ShouldBe([
                ("POST", "…/secrets", new JsonObject { ["name"] = "CosyncJWTPublicKey", ["value"] = visit.App.PublicKey }.ToJsonString()),
                (
                    "POST",
                    "…/auth_providers",
                    """{"name":"custom-token","type":"custom-token","disabled":false,"config":{"signingAlgorithm":"RS256","useJWKURI":false},"secret_config":{"signingKeys":["CosyncJWTPublicKey"]},"metadata_fields":[{"required":true,"name":"user_data.name","field_name":"name"},{"required":false,"name":"club.role","field_name":"clubRole"}]}"""
                ),
            ]);
        (await visit.Report()).ShouldBe([
            "Found the application harbour-abcde.",
            "Created the secret CosyncJWTPublicKey with the public key.",
            "Created the custom-token provider with 2 metadata fields.",
        ]);
        await visit.ShouldKeepNoKey();
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("jwks")]
    public async Task A_second_run_changes_nothing(string signing)
    {
        var visit = await RealmPageClient.Begin(shared, NameField, InviteField);
        await visit.Configure(signing);
        visit.Writes().ShouldNotBeEmpty();
        await visit.Configure(signing);
        visit.Writes().ShouldBeEmpty();
        (await visit.Report())[^1].ShouldBe("The custom-token provider is already up to date.");
    }

    [Fact]
    public async Task What_has_changed_since_is_changed_and_nothing_else()
    {
        var visit = await RealmPageClient.Begin(shared, NameField);
        await visit.Configure();
        visit.Writes();
        await visit.App.Set(InviteField);
        await visit.Configure();
        var write = visit.Writes().ShouldHaveSingleItem();
        (write.Method, write.Body!["metadata_fields"]!.AsArray().Count).ShouldBe(("PATCH", 2));
        (await visit.Report())[^1].ShouldBe("Changed the custom-token provider: the metadata fields.");
    }

    [Fact]
    public async Task Their_order_and_what_others_added_to_the_provider_are_left_alone()
    {
        var visit = await RealmPageClient.Begin(shared, NameField, InviteField);
        await visit.Configure();
        var provider = visit.Realm.Providers.Values.Single();
        provider["metadata_fields"] = new JsonArray([
            .. provider["metadata_fields"]!.AsArray().Reverse().Select(field => field!.DeepClone()),
        ]);
        provider["config"]!["audience"] = "somebody";
        visit.Writes();
        await visit.Configure();
        visit.Writes().ShouldBeEmpty();
    }

    [Fact]
    public async Task With_the_jwks_address_no_secret_is_made()
    {
        var visit = await RealmPageClient.Begin(shared);
        await visit.Configure("jwks");
        var write = visit.Writes().ShouldHaveSingleItem();
        write
            .Body!.ToJsonString()
            .ShouldBe(
                $$"""{"name":"custom-token","type":"custom-token","disabled":false,"config":{"signingAlgorithm":"RS256","useJWKURI":true,"jwkURI":"{{visit.App.Server.Address}}apps/{{visit.App.Id}}/.well-known/jwks.json"},"secret_config":{"signingKeys":[]},"metadata_fields":[]}"""
            );
        await visit.Configure("secret");
        visit.Writes().Select(one => one.Method).ShouldBe(["POST", "PATCH"]);
    }

    [Fact]
    public async Task A_secret_of_another_server_gets_this_applications_key_once()
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.Secrets["feed"] = ("CosyncJWTPublicKey", "the key of an older server");
        await visit.Configure();
        visit.Realm.Secrets["feed"].Value.ShouldBe(visit.App.PublicKey);
        visit.Writes();
        await visit.Configure();
        visit.Writes().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_provider_that_is_off_is_switched_on()
    {
        var visit = await RealmPageClient.Begin(shared);
        await visit.Configure();
        var (id, provider) = visit.Realm.Providers.Single();
        provider["disabled"] = true;
        visit.Writes();
        await visit.Configure();
        visit.Writes().ShouldHaveSingleItem().Path.ShouldBe($"…/auth_providers/{id}/enable");
        (await visit.Report())[^1].ShouldBe("Switched the custom-token provider on.");
    }

    [Fact]
    public async Task Undo_removes_both_and_then_finds_nothing_to_do()
    {
        var visit = await RealmPageClient.Begin(shared);
        await visit.Configure();
        (await visit.Undo()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (visit.Realm.Secrets.Count, visit.Realm.Providers.Count).ShouldBe((0, 0));
        (await visit.Report()).ShouldBe([
            "Found the application harbour-abcde.",
            "Removed the custom-token provider.",
            "Removed the secret CosyncJWTPublicKey.",
        ]);
        visit.Writes();
        await visit.Undo();
        visit.Writes().ShouldBeEmpty();
        await visit.Configure();
        visit.Realm.Secrets.Values.Single().Value.ShouldBe(visit.App.PublicKey);
        await visit.ShouldKeepNoKey();
    }

    [Fact]
    public async Task A_token_that_ends_in_the_middle_is_renewed()
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.Plan(
            "GET …/secrets",
            context =>
            {
                visit.Realm.ExpireToken();
                context.Response.StatusCode = 401;
                return context.Response.WriteAsync("""{"error":"invalid session","error_code":"InvalidSession"}""");
            }
        );
        (await visit.Configure()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (visit.Realm.Secrets.Count, visit.Realm.Providers.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_run_that_failed_half_way_is_finished_by_the_next_one()
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.Plan("POST …/auth_providers", 500, "{}");
        var failed = await visit.Configure();
        failed.Text(".notice").ShouldContain("failed with HTTP 500");
        failed.Text(".report").ShouldContain("Created the secret");
        visit.Writes();
        await visit.Configure();
        visit.Writes().Select(write => write.Path).ShouldBe(["…/auth_providers"]);
    }

    [Fact]
    public async Task A_run_that_fails_leaves_the_last_good_one_on_the_page()
    {
        var visit = await RealmPageClient.Begin(shared);
        (await visit.Configure("jwks", ("privateKey", "wrong"))).Text(".notice").ShouldContain("does not accept these keys");
        var page = await visit.Visitor.Get(visit.Page);
        page.Document.QuerySelectorAll(".report").ShouldBeEmpty();
        page.Document.QuerySelector("#signing-secret")!.HasAttribute("checked").ShouldBeTrue();

        await visit.Configure("jwks");
        var report = await visit.Report();
        var failed = await visit.Configure("secret", ("privateKey", "wrong"));
        failed.Text(".notice").ShouldContain("does not accept these keys");
        failed.Document.QuerySelectorAll(".report").ShouldBeEmpty();
        await visit.Undo(("privateKey", "wrong"));
        (await visit.Report()).ShouldBe(report);
        (await visit.Visitor.Get(visit.Page)).Document.QuerySelector("#signing-jwks")!.HasAttribute("checked").ShouldBeTrue();
        (
            await visit.App.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action IN ('configureRealm', 'undoRealm') AND code <> 0",
                new { visit.App.Id }
            )
        ).ShouldBe(3);
    }

    [Fact]
    public async Task The_provider_file_holds_what_a_run_would_make()
    {
        var visit = await RealmPageClient.Begin(shared, NameField);
        await visit.Configure();
        var made = visit.Writes()[^1].Body;
        var file = await visit.Visitor.Get($"{visit.Page}/provider.json");
        JsonNode.DeepEquals(JsonNode.Parse(file.Html), new JsonObject { ["custom-token"] = made!.DeepClone() }).ShouldBeTrue(file.Html);
        JsonNode.Parse((await visit.Visitor.Get($"{visit.Page}/provider.json?signing=jwks")).Html)!["custom-token"]!["config"]![
            "useJWKURI"
        ]!
            .GetValue<bool>()
            .ShouldBeTrue();
    }
}
