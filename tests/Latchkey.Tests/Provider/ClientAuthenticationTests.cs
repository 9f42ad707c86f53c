using System.Net;
using System.Text;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>How clients prove themselves: rows of OAuth 2.1 and of OpenID Connect Core.</summary>
public sealed class ClientAuthenticationTests(ServerFixture servers)
{
    private static readonly (string, string) ForItself = ("grant_type", GrantType.ClientCredentials);

    [Fact]
    public async Task Row_21_41_A_failed_Basic_authentication_is_told_what_to_send()
    {
        var service = await Service();
        var reply = await service.Provider.Post("token", [ForItself], Basic($"{service.Id}:wrong"));
        reply.ShouldRefuseClient().Header("WWW-Authenticate")!.ShouldStartWith($"Basic realm=\"{service.Provider.Issuer}\"");
        (await service.Provider.Post("token", [ForItself], ("Authorization", "Basic !!!"))).ShouldRefuseClient();
        (await service.Provider.Post("token", [ForItself], ("Authorization", "Bearer x"))).ShouldRefuseClient();
    }

    [Fact]
    public async Task Row_21_42_A_failed_authentication_by_form_is_a_401_without_a_challenge()
    {
        var service = await Service();
        var reply = await service.Provider.Post("token", [ForItself, ("client_id", service.Id), ("client_secret", "wrong")]);
        reply.ShouldRefuseClient().Header("WWW-Authenticate").ShouldBeNull();
    }

    [Fact]
    public async Task Row_21_45_An_unknown_client_and_a_wrong_secret_get_the_same_answer()
    {
        var service = await Service();
        var wrong = await service.Provider.Post("token", [ForItself], Basic($"{service.Id}:wrong"));
        var unknown = await service.Provider.Post("token", [ForItself], Basic($"{new string('0', 32)}:wrong"));
        unknown.ShouldRefuseClient().Text.ShouldBe(wrong.Text);
        unknown.Headers.Keys.Order().ShouldBe(wrong.Headers.Keys.Order());
    }

    [Fact]
    public async Task Row_21_54_Id_and_secret_are_form_decoded_in_the_header()
    {
        var service = await Service();
        var escaped = string.Concat(service.Secret!.Select(c => $"%{(int)c:X2}"));
        (await service.Provider.Post("token", [ForItself], Basic($"%{(int)service.Id[0]:X2}{service.Id[1..]}:{escaped}"))).ShouldBeOk();
        (await service.Provider.Post("token", [ForItself], Basic($"{service.Id}:{service.Secret}+"))).ShouldRefuseClient();
    }

    [Fact]
    public async Task Row_21_55_A_secret_may_come_in_the_form()
    {
        var service = await Service();
        (await service.Provider.Post("token", [ForItself, ("client_id", service.Id), ("client_secret", service.Secret!)])).ShouldBeOk();
    }

    [Fact]
    public async Task Row_21_56_Two_methods_in_one_request_are_refused()
    {
        var service = await Service();
        (await service.Provider.Post("token", [ForItself, ("client_secret", service.Secret!)], service.Basic)).ShouldRefuse(
            "invalid_request"
        );
        (await service.Provider.Post("token", [ForItself, ("client_id", "another")], service.Basic)).ShouldRefuse("invalid_request");
        (await service.Provider.Post("token", [ForItself, ("client_id", service.Id)], service.Basic)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_21_57_Guessing_secrets_is_limited_and_locks_nobody_out()
    {
        var provider = new ProviderApp(await App.CreateRsa(servers.Main, ["signupFlow=none"]));
        var service = await provider.AddClient(ClientType.Service, s => s with { Scopes = ["read"] });
        var replies = new List<Reply>();
        for (var i = 0; i < 62; i++)
        {
            replies.Add(await provider.Post("token", [ForItself], Basic($"{service.Id}:wrong{i}")));
        }

        replies[59].ShouldRefuseClient();
        replies[^1].ShouldRefuse("temporarily_unavailable", HttpStatusCode.TooManyRequests);
        int.Parse(replies[^1].Header("Retry-After")!).ShouldBePositive();
        (await service.Token(ForItself)).ShouldBeOk(); // the right secret, from the same network
    }

    [Fact]
    public async Task Row_21_58_A_public_client_only_names_itself()
    {
        var provider = await ProviderApp.Create(servers);
        var native = await provider.AddClient(ClientType.Native);
        var tokens = await native.SignIn();
        (await native.Revoke(tokens.Text("refresh_token"))).ShouldBeOk();
        (await provider.Post("token", [("grant_type", GrantType.AuthorizationCode), ("code", "x")])).ShouldRefuseClient();
    }

    [Fact]
    public async Task Row_21_59_A_native_client_with_a_secret_in_its_request_is_refused_as_a_secret_proves_nothing()
    {
        var provider = await ProviderApp.Create(servers);
        var native = await provider.AddClient(ClientType.Native);
        (
            await provider.Post("token", [("grant_type", "refresh_token"), ("client_id", native.Id), ("client_secret", "shared")])
        ).ShouldRefuseClient();
    }

    [Fact]
    public async Task CORE_22_Only_the_method_that_is_set_is_accepted()
    {
        var provider = await ProviderApp.Create(servers);
        var basic = await Service(provider, ClientAuthenticationMethod.SecretBasic);
        var post = await Service(provider, ClientAuthenticationMethod.SecretPost);
        (await basic.Token(ForItself)).ShouldBeOk();
        (await ByForm(basic)).ShouldRefuseClient();
        (await ByForm(post)).ShouldBeOk();
        (await post.Token(ForItself)).ShouldRefuseClient();
    }

    [Fact]
    public async Task A_secret_that_has_ended_or_was_replaced_works_no_more_and_two_work_side_by_side()
    {
        var service = await Service();
        var store = await service.Provider.Installation.Get<ClientStore>();
        var database = await service.Provider.Installation.Get<Latchkey.Data.Database>();
        var second = new ClientSecret("second", Latchkey.Cryptography.Secrets.Hash("another"), "ther", 1);
        await database.Write(db => store.Update(db, service.Row with { Secrets = [.. service.Row.Secrets, second] }));
        (await service.Token(ForItself)).ShouldBeOk();
        (await (service with { Secret = "another" }).Token(ForItself)).ShouldBeOk();
        await database.Write(db =>
            store.Update(db, service.Row with { Secrets = [service.Row.Secrets[0] with { ExpiresAt = 1 }, second] })
        );
        (await service.Token(ForItself)).ShouldRefuseClient();
        (await (service with { Secret = "another" }).Token(ForItself)).ShouldBeOk();
    }

    private static Task<Reply> ByForm(ProviderClient client) =>
        client.Provider.Post("token", [ForItself, ("client_id", client.Id), ("client_secret", client.Secret!)]);

    private async Task<ProviderClient> Service() => await Service(await ProviderApp.Create(servers), ClientAuthenticationMethod.Secret);

    private static Task<ProviderClient> Service(ProviderApp provider, ClientAuthenticationMethod method) =>
        provider.AddClient(ClientType.Service, settings => settings with { Scopes = ["read"], Authentication = method });

    private static (string, string) Basic(string text) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}");
}
