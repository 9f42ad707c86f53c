using Latchkey.Tests.Api.SocialLogin;

namespace Latchkey.Tests.Api.Linking;

/// <summary>With limits on: somebody who links and unlinks until no more mails are sent cannot link in silence then.</summary>
public sealed class LinkLimitTests(ServerFixture servers) : IAsyncLifetime
{
    private const string Ann = "ann@example.com";
    private FakeIdentityProvider provider = null!;

    public async ValueTask InitializeAsync() => provider = await FakeIdentityProvider.Start();

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    [Fact]
    public async Task A_link_that_could_not_be_told_is_refused()
    {
        var server = await servers.StartOn(await servers.NewInstallation(), [], provider.Environment());
        var app = await server.CreateApp("signupFlow=none", "googleLoginEnabled=1", $"googleClientId={FakeIdentityProvider.GoogleClient}");
        var ann = await app.CreateUser(Ann);
        for (var i = 0; i < 10; i++)
        {
            (await ann.Link("google", provider.Token("google", $"{i}@example.com"))).ShouldBeTrue();
            (await ann.Unlink("google")).ShouldBeTrue();
        }

        (await ann.Link("google", provider.Token("google", "last@example.com"))).ShouldBeRateLimited();
        (await ann.LinkedAccounts()).ShouldBeEmpty();
        (await app.MailKinds(Ann)).Count(kind => kind == "identityLinked").ShouldBe(10);
    }
}
