using Dapper;
using Latchkey.Activity.Audit;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Operations.KeyRotation;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Catalogue;
using Latchkey.Users.Identities;

namespace Latchkey.Tests.Provider.IdentityProviders;

/// <summary>Adding, changing and removing the providers that users sign in with.</summary>
public sealed class IdentityProviderRulesTests(ServerFixture servers)
{
    private static readonly Actor Editor = new("an editor", "192.0.2.1");

    private static readonly Dictionary<string, string> Company = new()
    {
        ["alias"] = "my-company",
        ["name"] = "My Company",
        ["issuer"] = "https://login.example.com/realms/one",
        ["clientId"] = "latchkey",
        ["clientSecret"] = "a-secret-that-nobody-sees",
        ["claims"] = "given_name=user_data.name.first",
    };

    private static readonly string Fields = """metaData=[{"path":"user_data.name.first","fieldName":"first"}]""";

    [Fact]
    public async Task A_provider_is_stored_with_its_secret_sealed_and_no_log_names_it()
    {
        var (app, rules) = await Open();
        var provider = (await rules.Create(app.Id, "oidc", Company, Editor)).Value!;
        provider.Alias.ShouldBe("my-company");
        provider.SecretSealed.ShouldStartWith("v1.");
        provider.FieldValues["issuer"].ShouldBe("https://login.example.com/realms/one");
        provider.ClaimPaths["given_name"].ShouldBe("user_data.name.first");
        (await rules.Find(app.Id, "my-company")).ShouldBe(provider);
        IdentityProviderFields.Read(provider, ProviderField.ClientSecret).ShouldBeEmpty();
        (await Log(app)).ShouldContain("addProvider my-company (My Company), oidc");
        (await Log(app)).ShouldNotContain(line => line.Contains("a-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_secret_can_be_opened_again_also_after_the_key_ring_was_rotated()
    {
        var (app, rules) = await Open(await servers.Start()); // whose key ring is its own
        await rules.Create(app.Id, "oidc", Company, Editor);
        var (next, _) = (await app.Installation.Get<KeyRingRotation>()).Rotate(TimeSpan.Zero);
        var ring = await app.Installation.Get<Latchkey.Cryptography.KeyRing>();
        await WaitUntil.IsTrue("the new key is active", () => Task.FromResult(ring.CurrentId == next));
        (await (await app.Installation.Get<ReEncryption>()).Run()).Broken.ShouldBeEmpty();
        var provider = (await rules.Find(app.Id, "my-company"))!;
        provider.SecretSealed.ShouldStartWith(Latchkey.Cryptography.KeyRing.Prefix(next));
        ring.DecryptText(IdentityProvider.SecretPurpose(provider.Id), provider.SecretSealed).ShouldBe("a-secret-that-nobody-sees");
    }

    [Theory]
    [InlineData("issuer", "http://login.example.com", "must begin with https")]
    [InlineData("issuer", "https://login.example.com/?x=1", "without a query")]
    [InlineData("issuer", "https://user@login.example.com", "must begin with https and have a host")]
    [InlineData("issuer", "", "Issuer is missing")]
    [InlineData("clientId", "", "is missing")]
    [InlineData("clientId", "with blanks in it", "ASCII without blanks")]
    [InlineData("alias", "My Company", "small letters")]
    [InlineData("alias", "google", "is for Google itself")]
    [InlineData("name", "", "1 to 60 characters")]
    [InlineData("claims", "given_name=user_data.unknown", "no metadata field user_data.unknown")]
    [InlineData("enabled", "perhaps", "is 1 or 0")]
    [InlineData("position", "-1", "whole number")]
    [InlineData("emailTrust", "often", "must be one of")]
    [InlineData("colour", "red", "has no colour")]
    public async Task What_is_wrong_is_said_and_nothing_is_stored(string name, string text, string sentence)
    {
        var (app, rules) = await Open();
        Dictionary<string, string> changes = new(Company) { [name] = text };
        var refused = (await rules.Create(app.Id, "oidc", changes, Editor)).Error!;
        refused.Code.ShouldBe(602);
        refused.Message.ShouldContain(sentence);
        (await rules.FindProblems(app.Id, null, ProviderCatalogue.Find("oidc")!, changes)).ShouldContain(problem =>
            problem.Field == name && problem.Sentence == refused.Message
        );
        (await rules.List(app.Id)).ShouldBeEmpty();
    }

    [Fact]
    [Covers(850)]
    public async Task An_empty_secret_leaves_the_old_one_and_a_change_is_logged_by_its_names()
    {
        var (app, rules) = await Open();
        var before = (await rules.Create(app.Id, "oidc", Company, Editor)).Value!;
        var after = await rules.Change(app.Id, "my-company", Changes(("clientSecret", ""), ("enabled", "0"), ("position", "7")), Editor);
        after.Value!.SecretSealed.ShouldBe(before.SecretSealed);
        after.Value.Enabled.ShouldBeFalse();
        (await Log(app)).ShouldContain("changeProvider my-company (My Company): enabled, position");
        (await rules.Change(app.Id, "my-company", Changes(("alias", "other")), Editor)).Error!.Message.ShouldContain("never changes");
        (await rules.Change(app.Id, "nobody", Changes(("enabled", "1")), Editor)).Error.ShouldBe(ErrorCodes.ProviderNotFound);
    }

    [Fact]
    public async Task Google_has_the_alias_that_apps_use_and_is_there_once()
    {
        var (app, rules) = await Open();
        var google = Changes(("clientId", "123.apps.googleusercontent.com"), ("clientSecret", "secret"));
        (
            await rules.Create(app.Id, "google", new Dictionary<string, string>(google) { ["alias"] = "other" }, Editor)
        ).Error!.Message.ShouldContain("has the alias google");
        (await rules.Create(app.Id, "google", google, Editor)).Value!.Alias.ShouldBe("google");
        (await rules.Create(app.Id, "google", google, Editor)).Error!.Message.ShouldContain("already");
        (await rules.Change(app.Id, "google", Changes(("emailTrust", "always")), Editor)).Error!.Message.ShouldContain("cannot be chosen");
    }

    [Fact]
    public async Task The_issuer_stays_once_somebody_signed_in_and_goes_with_all_identities()
    {
        var (app, rules) = await Open();
        await rules.Create(app.Id, "oidc", Company, Editor);
        var user = await app.CreateUser("user@example.com");
        await Link(app, user.Id(), "my-company");
        await Link(app, user.Id(), "google");
        (await rules.Change(app.Id, "my-company", Changes(("issuer", "https://evil.example.com")), Editor)).Error!.Message.ShouldContain(
            "Users sign in with this provider already"
        );
        (await rules.Remove(app.Id, "my-company", Editor)).Succeeded.ShouldBeTrue();
        (await List(app, "SELECT provider FROM user_identities WHERE app_id = @Id")).ShouldBe(["google"]);
        (await rules.Remove(app.Id, "my-company", Editor)).Error.ShouldBe(ErrorCodes.ProviderNotFound);
    }

    [Fact]
    public async Task People_of_an_earlier_provider_with_the_alias_are_not_those_of_a_new_one()
    {
        var (app, rules) = await Open();
        var user = await app.CreateUser("user@example.com");
        await Link(app, user.Id(), "my-company"); // by a sign-in that ended after the removal
        await Link(app, user.Id(), "google");
        (await rules.Create(app.Id, "oidc", Company, Editor)).Succeeded.ShouldBeTrue();
        (await List(app, "SELECT provider FROM user_identities WHERE app_id = @Id")).ShouldBe(["google"]);
    }

    [Fact]
    public async Task Another_application_sees_and_changes_nothing_of_it()
    {
        var (app, rules) = await Open();
        var stranger = await App.Create(await servers.Unlimited(), []);
        var provider = (await rules.Create(app.Id, "oidc", Company, Editor)).Value!;
        (await rules.List(stranger.Id)).ShouldBeEmpty();
        foreach (var name in new[] { provider.Alias, provider.Id })
        {
            (await rules.Find(stranger.Id, name)).ShouldBeNull();
            (await rules.Change(stranger.Id, name, Changes(("enabled", "0")), Editor)).Error.ShouldBe(ErrorCodes.ProviderNotFound);
            (await rules.Remove(stranger.Id, name, Editor)).Error.ShouldBe(ErrorCodes.ProviderNotFound);
        }

        (await rules.Find(app.Id, provider.Id)).ShouldBe(provider);
    }

    private async Task<(App App, IdentityProviderRules Rules)> Open(ServerProcess? server = null)
    {
        var app = await App.Create(server ?? await servers.Unlimited(), [Fields, "signupFlow=none"]);
        return (app, await app.Installation.Get<IdentityProviderRules>());
    }

    private static Dictionary<string, string> Changes(params (string Name, string Text)[] changes) =>
        changes.ToDictionary(change => change.Name, change => change.Text);

    private static Task<IReadOnlyList<string>> Log(App app) =>
        List(app, "SELECT action || ' ' || detail FROM audit WHERE app_id = @Id ORDER BY id");

    private static async Task<IReadOnlyList<string>> List(App app, string sql) =>
        await (await app.Installation.Get<Database>()).Read(async db => (await db.QueryAsync<string>(sql, new { app.Id })).ToList());

    private static async Task Link(App app, string userId, string provider)
    {
        var store = await app.Installation.Get<UserIdentityStore>();
        var identity = new UserIdentity
        {
            AppId = app.Id,
            Id = $"{provider}-{userId}",
            UserId = userId,
            Provider = provider,
            Subject = "248289761001",
        };
        await (await app.Installation.Get<Database>()).Write(db => store.Insert(db, identity));
    }
}
