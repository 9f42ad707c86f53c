using Latchkey.Tests.Api.TwoFactor;

namespace Latchkey.Tests.Api.Passkeys;

/// <summary>An application with one user, and an authenticator that errs: what is refused, and why by the application's log.</summary>
public sealed record PasskeyRefusals(App App, LoggedInUser Ann) : IDisposable
{
    public const string Handle = "ann@example.com";

    public SoftAuthenticator Phone { get; } = new() { BackupEligible = true, BackedUp = true };

    public void Dispose() => Phone.Dispose();

    public static async Task<PasskeyRefusals> Create(ServerFixture servers, params string[] settings)
    {
        var app = await (await servers.Unlimited()).CreateApp([.. PasskeyFlows.Settings, .. settings]);
        return new(app, await app.CreateUser(Handle));
    }

    /// <summary>As <see cref="Create"/>, and the authenticator holds a passkey of the user.</summary>
    public static async Task<PasskeyRefusals> CreateWithPasskey(ServerFixture servers, Action<SoftAuthenticator>? registering = null)
    {
        var all = await Create(servers);
        registering?.Invoke(all.Phone);
        (await all.Ann.AddPasskey(all.Phone)).ShouldBeOk();
        return all;
    }

    /// <summary>The log has the cause, and no passkey came of it.</summary>
    public async Task ShouldRefuseRegistration(Reply reply, string cause, int code = 717)
    {
        reply.ShouldFailWith(code);
        (await App.CausesOf("passkeyRegister")).ShouldBe([cause]);
        (await Ann.Get("passkeys")).ShouldBeOk().Json.GetProperty("passkeys").GetArrayLength().ShouldBe(0);
    }

    /// <summary>The log has the cause, and the user has no session of it.</summary>
    public async Task ShouldRefuseSignIn(Reply reply, string cause, int code = 717)
    {
        reply.ShouldFailWith(code);
        (await App.CausesOf("passkeyLogin")).ShouldBe([cause]);
        (await Ann.Get("sessions")).ShouldBeOk().Json.GetProperty("sessions").GetArrayLength().ShouldBe(1);
    }
}
