using System.Net;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Devices;
using Latchkey.Users.Sessions;

namespace Latchkey.Tests.Provider;

/// <summary>A client on a device without a browser, and a user who types its codes elsewhere.</summary>
public sealed record DeviceApp(ProviderApp Provider, ProviderClient Client, LoggedInUser User)
{
    public const string Scope = "openid profile offline_access";

    public static async Task<DeviceApp> Create(ServerFixture servers, Func<ClientSettings, ClientSettings>? change = null)
    {
        var provider = await ProviderApp.Create(servers);
        return new DeviceApp(
            provider,
            await provider.AddClient(ClientType.Device, change, name: "Living room TV"),
            await provider.App.CreateUser("ann@example.com")
        );
    }

    /// <summary>Asks for a code, as the device does.</summary>
    public Task<Reply> Ask(params (string Name, string Value)[] form) =>
        Provider.Post("device_authorization", [("client_id", Client.Id), ("scope", Scope), .. form]);

    public Task<Reply> Poll(Reply asked) => Client.Token(PollForm(asked));

    public static (string Name, string Value)[] PollForm(Reply asked) =>
        [("grant_type", GrantType.DeviceCode), ("device_code", asked.Text("device_code"))];

    /// <summary>Types the code as the user of the test, from an address.</summary>
    public async Task<Result<DeviceQuestion>> Type(string? code, string from = "127.0.0.1", string userAgent = "", LoggedInUser? by = null)
    {
        var decisions = await Provider.Installation.Get<DeviceDecisions>();
        return await decisions.Find(await Caller(from, userAgent), await SessionOf(by ?? User), code);
    }

    /// <summary>Decides what was asked; the error's code, or null when it was stored.</summary>
    public async Task<Error?> Decide(Result<DeviceQuestion> question, bool isApproved, LoggedInUser? by = null)
    {
        question.Failed(out var asked, out var refused).ShouldBeFalse(refused?.Message);
        var decisions = await Provider.Installation.Get<DeviceDecisions>();
        return (await decisions.Decide(await Caller("127.0.0.1"), await SessionOf(by ?? User), asked!.Ticket, isApproved)).Error;
    }

    public async Task Approve(Reply asked) => (await Decide(await Type(asked.Text("user_code")), isApproved: true)).ShouldBeNull();

    public async Task Decline(Reply asked) => (await Decide(await Type(asked.Text("user_code")), isApproved: false)).ShouldBeNull();

    /// <summary>Lets a time pass for all devices of the application.</summary>
    public Task Pass(TimeSpan time) =>
        Provider.Installation.Execute(
            "UPDATE device_codes SET polled_at = polled_at - @ms, created_at = created_at - @ms, expires_at = expires_at - @ms "
                + "WHERE app_id = @Id",
            new { ms = (long)time.TotalMilliseconds, Provider.Id }
        );

    public async Task<SessionUser> SessionOf(LoggedInUser user)
    {
        var (tokens, sessions, database) = (
            await Provider.Installation.Get<InstallationTokens>(),
            await Provider.Installation.Get<SessionStore>(),
            await Provider.Installation.Get<Database>()
        );
        return (await database.Read(db => sessions.Find(db, Provider.Id, tokens.ReadAccess(user.AccessToken)!.SessionId)))!;
    }

    private async Task<ProviderCaller> Caller(string from, string userAgent = "") =>
        new(
            (await (await Provider.Installation.Get<ApplicationCache>()).Find(Provider.Id))!,
            ClientAddress.From(IPAddress.Parse(from), userAgent),
            Provider.Issuer
        );
}
