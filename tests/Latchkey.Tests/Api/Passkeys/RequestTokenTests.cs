using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Cryptography;
using Latchkey.Users.Passkeys;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>A challenge is good for one purpose of whoever asked, for five minutes and one try.</summary>
public sealed class RequestTokenTests(ServerFixture servers)
{
    private const string Used = "the request token was used before";

    [Fact]
    public async Task It_is_good_for_one_sign_in()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var asked = await all.App.Post("passkeyLoginOptions", new { });
        all.App.ParseTokens(await all.App.PasskeyLogin(asked.RequestToken(), all.Phone.Sign(asked.Json)));
        (await all.App.PasskeyLogin(asked.RequestToken(), all.Phone.Sign(asked.Json))).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyLogin")).ShouldBe([Used]);
    }

    [Fact]
    public async Task It_is_good_for_one_registration()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var asked = await all.Ann.Ask();
        using var one = new SoftAuthenticator();
        using var two = new SoftAuthenticator();
        (await all.Ann.Register(asked.RequestToken(), one.Register(asked.Json))).ShouldBeOk();
        (await all.Ann.Register(asked.RequestToken(), two.Register(asked.Json))).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyRegister")).ShouldBe([Used]);
    }

    [Fact]
    public async Task Of_parallel_answers_one_wins()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var asked = await all.App.Post("passkeyLoginOptions", new { });
        var credential = all.Phone.Sign(asked.Json);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => all.App.PasskeyLogin(asked.RequestToken(), credential)));
        answers.Count(answer => answer.Code is null).ShouldBe(1);
        answers.Count(answer => answer.Code == 717).ShouldBe(15);
        TestScale.RecordFigure(100, "16 parallel answers to one challenge: 1 session");
    }

    [Fact]
    public async Task A_wrong_sign_in_uses_it_up()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var asked = await all.App.Post("passkeyLoginOptions", new { });
        all.Phone.UserVerified = false;
        (await all.App.PasskeyLogin(asked.RequestToken(), all.Phone.Sign(asked.Json))).ShouldFailWith(717);
        all.Phone.UserVerified = true;
        (await all.App.PasskeyLogin(asked.RequestToken(), all.Phone.Sign(asked.Json))).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyLogin"))[^1].ShouldBe(Used);
    }

    [Fact]
    public async Task A_wrong_registration_uses_it_up()
    {
        using var all = await PasskeyRefusals.Create(servers);
        var asked = await all.Ann.Ask();
        all.Phone.UserVerified = false;
        (await all.Ann.Register(asked.RequestToken(), all.Phone.Register(asked.Json))).ShouldFailWith(717);
        all.Phone.UserVerified = true;
        (await all.Ann.Register(asked.RequestToken(), all.Phone.Register(asked.Json))).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyRegister"))[^1].ShouldBe(Used);
    }

    [Fact]
    public async Task Registration_sign_in_and_step_up_take_each_their_own()
    {
        const string other = "the request token is for something else";
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var registering = await all.Ann.Ask();
        var signingIn = await all.App.Post("passkeyLoginOptions", new { });
        var steppingUp = await all.Ann.Post("stepUpFactor", new { method = "passkey" });
        foreach (var asked in new[] { registering, steppingUp })
        {
            (await all.App.PasskeyLogin(asked.RequestToken(), Sign(all.Phone, asked))).ShouldFailWith(717);
        }

        foreach (var asked in new[] { registering, signingIn })
        {
            (await StepUp(all.Ann, asked.RequestToken(), Sign(all.Phone, asked))).ShouldFailWith(717);
        }

        using var next = new SoftAuthenticator();
        foreach (var asked in new[] { signingIn, steppingUp })
        {
            (await all.Ann.Register(asked.RequestToken(), next.Register(AsRegistration(registering, asked)))).ShouldFailWith(717);
        }

        (await all.App.CausesOf("passkeyLogin")).ShouldAllBe(cause => cause == other);
        (await all.App.CausesOf("stepUp")).ShouldAllBe(cause => cause == other);
        (await all.App.CausesOf("passkeyRegister")).ShouldAllBe(cause => cause == other);
    }

    [Fact]
    public async Task Another_session_cannot_answer_it()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var again = await all.App.Login(PasskeyRefusals.Handle);
        var asked = await all.Ann.Post("stepUpFactor", new { method = "passkey" });
        (await StepUp(again, asked.RequestToken(), all.Phone.Sign(asked.Json))).ShouldFailWith(717);
        (await all.App.CausesOf("stepUp")).ShouldBe(["somebody else's request token"]);
        var registering = await all.Ann.Ask();
        using var next = new SoftAuthenticator();
        (await again.Register(registering.RequestToken(), next.Register(registering.Json))).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyRegister")).ShouldBe(["somebody else's request token"]);
        (await all.Ann.Register(registering.RequestToken(), next.Register(registering.Json))).ShouldBeOk(); // a stranger uses nothing up
    }

    [Fact]
    public async Task Another_user_cannot_answer_it()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var bob = await all.App.CreateUser("bob@example.com");
        using var next = new SoftAuthenticator();
        var asked = await all.Ann.Ask();
        (await bob.Register(asked.RequestToken(), next.Register(asked.Json))).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyRegister")).ShouldBe(["somebody else's request token"]);
    }

    [Fact]
    public async Task Another_application_of_the_same_domain_cannot_answer_it()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        using var other = await PasskeyRefusals.CreateWithPasskey(servers);
        var asked = await all.App.Post("passkeyLoginOptions", new { });
        (await other.App.PasskeyLogin(asked.RequestToken(), other.Phone.Sign(asked.Json))).ShouldFailWith(717);
        (await other.App.CausesOf("passkeyLogin")).ShouldBe(["not a request token"]);
        all.App.ParseTokens(await all.App.PasskeyLogin(asked.RequestToken(), all.Phone.Sign(asked.Json)));
    }

    [Fact]
    public async Task After_five_minutes_it_is_too_late()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var tokens = await all.App.Installation.Get<InstallationTokens>();
        var asked = await all.App.Post("passkeyLoginOptions", new { });
        var request = tokens.ReadPasskeyRequest(asked.RequestToken()).ShouldNotBeNull();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        (request.ExpiresAt - now).ShouldBeInRange(240, 300);
        asked.Json.GetProperty("options").GetProperty("timeout").GetInt64().ShouldBe(300_000);
        var expired = tokens.Write(request with { ExpiresAt = now });
        (await all.App.PasskeyLogin(expired, all.Phone.Sign(asked.Json))).ShouldFailWith(717);
        (await all.App.CausesOf("passkeyLogin")).ShouldBe(["the request token has expired"]);
    }

    [Fact]
    public async Task No_other_token_is_one()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var asked = await all.App.Post("passkeyLoginOptions", new { });
        var credential = all.Phone.Sign(asked.Json);
        var tokens = await all.App.Installation.Get<InstallationTokens>();
        var portal = tokens.Write(tokens.ReadPasskeyRequest(asked.RequestToken())! with { Scope = "portal" });
        var token = asked.RequestToken();
        string[] others = ["x", all.App.Token, all.Ann.AccessToken, all.Ann.Jwt, portal, $"{token}x", token[..^8] + "AAAAAAAA"];
        foreach (var one in others)
        {
            (await all.App.PasskeyLogin(one, credential)).ShouldFailWith(717);
        }

        (await all.App.CausesOf("passkeyLogin")).Distinct().ShouldBe(["not a request token"]);
        all.App.ParseTokens(await all.App.PasskeyLogin(asked.RequestToken(), credential));
    }

    [Fact]
    public async Task It_holds_256_random_bits_each_time()
    {
        using var all = await PasskeyRefusals.Create(servers);
        var challenges = new HashSet<string>(StringComparer.Ordinal);
        foreach (var _ in Enumerable.Range(0, 20))
        {
            var asked = (await all.App.Post("passkeyLoginOptions", new { })).ShouldBeOk().Json;
            challenges.Add(asked.GetProperty("options").GetProperty("challenge").GetString()!);
        }

        challenges.Count.ShouldBe(20);
        challenges.ShouldAllBe(challenge => Base64Url.DecodeFromChars(challenge).Length == 32);
    }

    [Fact]
    public async Task Used_challenges_are_forgotten_when_they_are_too_old_to_be_accepted()
    {
        using var all = await PasskeyRefusals.CreateWithPasskey(servers);
        var (store, database, now) = (
            await all.App.Installation.Get<PasskeyStore>(),
            await all.App.Installation.Get<Latchkey.Data.Database>(),
            TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()
        );
        var (old, young) = (NewHash(), NewHash());
        await database.Write(db => store.UseChallenge(db, all.App.Id, old, now - 1));
        await database.Write(db => store.UseChallenge(db, all.App.Id, young, now + 300_000));
        await database.Write(db => store.RemoveExpiredChallenges(db, now, 1000));
        (await database.Write(db => store.UseChallenge(db, all.App.Id, young, now + 300_000))).ShouldBeFalse();
        (await database.Write(db => store.UseChallenge(db, all.App.Id, old, now - 1))).ShouldBeTrue();

        static string NewHash() => Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    }

    private static Task<Reply> StepUp(LoggedInUser user, string requestToken, string credential) =>
        user.Post("stepUp", new { requestToken, credential });

    /// <summary>Signs the challenge, whatever it is for.</summary>
    private static string Sign(SoftAuthenticator phone, Reply asked)
    {
        var answer = JsonNode.Parse(asked.ShouldBeOk().Text)!;
        answer["options"]!["rpId"] = "example.org";
        return phone.Sign(JsonDocument.Parse(answer.ToJsonString()).RootElement);
    }

    /// <summary>The options of a registration with the challenge of another request.</summary>
    private static JsonElement AsRegistration(Reply registering, Reply asked)
    {
        var answer = JsonNode.Parse(registering.Text)!;
        answer["options"]!["challenge"] = asked.ShouldBeOk().Json.GetProperty("options").GetProperty("challenge").GetString();
        return JsonDocument.Parse(answer.ToJsonString()).RootElement;
    }
}
