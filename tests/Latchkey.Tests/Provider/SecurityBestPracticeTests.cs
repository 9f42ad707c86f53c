using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>RFC 9700 where it is about the authorization endpoint and its answers, beyond redirect URIs and pages.</summary>
public sealed class SecurityBestPracticeTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_9700_07_Clients_of_every_type_can_use_PKCE()
    {
        foreach (var type in new[] { ClientType.Web, ClientType.Browser, ClientType.Native })
        {
            using var ann = await ProviderVisitor.Create(servers, type);
            await ann.Tokens(await ann.SignIn());
        }
    }

    [Fact]
    public async Task Row_9700_08_A_public_client_must_use_PKCE_whatever_its_setting_says()
    {
        foreach (var type in new[] { ClientType.Browser, ClientType.Native })
        {
            using var ann = await ProviderVisitor.Create(servers, type, settings => settings with { PkceRequired = false });
            (await ann.Authorize(("code_challenge", null), ("code_challenge_method", null))).ShouldBeRefused(
                ann.Provider,
                "invalid_request"
            );
        }
    }

    [Fact]
    public async Task Row_9700_11_A_verifier_without_a_challenge_is_refused()
    {
        using var ann = await ProviderVisitor.Create(servers, change: settings => settings with { PkceRequired = false });
        var visit = await ann.SignIn(("code_challenge", null), ("code_challenge_method", null));
        (await ann.Client.Exchange(visit.ShouldHaveCode(ann.Provider).Code)).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_9700_12_PKCE_is_visible_in_the_metadata() =>
        (await Metadata("code_challenge_methods_supported")).ShouldBe(["S256"]);

    [Fact]
    public async Task Row_9700_13_A_method_that_shows_the_verifier_is_refused()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize(("code_challenge", ProviderApp.Verifier), ("code_challenge_method", "plain"))).ShouldBeRefused(
            ann.Provider,
            "invalid_request"
        );
    }

    [Fact]
    public async Task Row_9700_15_Answers_name_their_issuer_so_that_they_cannot_be_mixed_up()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize(("prompt", "none")))["iss"].ShouldBe(ann.Provider.Issuer);
        (await ann.SignIn())["iss"].ShouldBe(ann.Provider.Issuer);
    }

    [Fact]
    public async Task Row_9700_16_No_token_comes_from_the_authorization_endpoint()
    {
        (await Metadata("response_types_supported")).ShouldBe(["code"]);
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        foreach (var type in new[] { "token", "id_token token", "code token", "code id_token token" })
        {
            var visit = (await ann.Authorize(("response_type", type))).ShouldBeRefused(ann.Provider, "unsupported_response_type");
            visit.Away.ShouldNotBeNull().ShouldNotContain("token=");
        }
    }

    [Fact]
    public async Task Row_9700_17_The_password_grant_is_not_offered()
    {
        (await Metadata("grant_types_supported")).ShouldNotContain("password");
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Client.Token(("grant_type", "password"), ("username", ann.Handle), ("password", App.Password))).ShouldRefuse(
            "unsupported_grant_type"
        );
    }

    [Fact]
    public async Task Row_9700_18_A_code_that_comes_twice_ends_what_it_gave()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var code = (await ann.SignIn(("scope", "openid offline_access"))).Code;
        var refresh = (await ann.Client.Exchange(code)).Text("refresh_token");
        (await ann.Client.Exchange(code)).ShouldRefuse("invalid_grant");
        (await ann.Client.Token(("grant_type", "refresh_token"), ("refresh_token", refresh))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_9700_19_Of_parallel_uses_of_a_code_one_wins()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var code = (await ann.SignIn()).Code;
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ann.Client.Exchange(code)));
        replies.Count(reply => reply.Status == System.Net.HttpStatusCode.OK).ShouldBe(1);
        var grants = await ann.Provider.Installation.Query<int>(
            "SELECT COUNT(*) FROM session_grants WHERE app_id = @AppId AND client = @ClientId",
            new { AppId = ann.Provider.Id, ClientId = ann.Client.Id }
        );
        grants.ShouldBe(1);
    }

    [Fact]
    public async Task Row_9700_20_No_answer_has_a_token_in_its_address()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var visit = await ann.SignIn(("scope", "openid offline_access"));
        var names = new Uri(visit.Away!).Query[1..].Split('&').Select(pair => pair.Split('=')[0]);
        names.ShouldBe(["code", "state", "iss"]);
        new Uri(visit.Away!).Fragment.ShouldBeEmpty();
    }

    [Fact]
    public async Task Row_9207_04_The_metadata_say_that_answers_have_an_issuer()
    {
        var provider = await ProviderApp.Create(servers);
        var metadata = await provider.App.Server.Get($"/apps/{provider.Id}/.well-known/openid-configuration");
        metadata.Json.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().ShouldBeTrue();
    }

    private async Task<IReadOnlyList<string>> Metadata(string member)
    {
        var provider = await ProviderApp.Create(servers);
        var metadata = await provider.App.Server.Get($"/apps/{provider.Id}/.well-known/openid-configuration");
        return [.. metadata.ShouldBeOk().Json.GetProperty(member).EnumerateArray().Select(value => value.GetString()!)];
    }
}
