namespace Latchkey.Tests.Limits;

/// <summary>Somebody whose codes are asked for by several networks, and guessed at.</summary>
/// <param name="App">The application.</param>
/// <param name="Function">What the codes are for: completeSignup, register or resetPassword.</param>
/// <param name="Handle">Whose codes.</param>
public sealed record CodeRequester(App App, string Function, string Handle)
{
    public static TheoryData<string> Functions => ["completeSignup", "register", "resetPassword"];

    public static async Task<CodeRequester> Create(ServerProcess server, string function, params string[] settings)
    {
        var app = await server.CreateApp(["signupFlow=code", "callsPerSecond=1000000", .. settings]);
        var una = new CodeRequester(app, function, "una@example.com");
        if (function == "resetPassword")
        {
            await app.CreateUserByCode(una.Handle);
        }

        return una;
    }

    /// <summary>Asks for a code from a network: for an invitation, as a user who sits there.</summary>
    public async Task<Reply> TryAsk(string network)
    {
        await App.ForgetMessages();
        var app = App.WithAddress(network);
        return Function switch
        {
            "completeSignup" => await app.Signup(Handle),
            "resetPassword" => await app.ForgotPassword(Handle),
            _ => await (await Inviter(app)).Invite(Handle),
        };
    }

    /// <summary>As <see cref="TryAsk"/>; the code that was mailed.</summary>
    public async Task<string> Ask(string network)
    {
        (await TryAsk(network)).ShouldBeTrue();
        return await App.LastCodeFor(Handle);
    }

    public Task<Reply> Guess(string network, string code)
    {
        var app = App.WithAddress(network);
        return Function switch
        {
            "completeSignup" => app.Complete(Handle, code),
            "resetPassword" => app.ResetPassword(Handle, code),
            _ => app.Register(Handle, code),
        };
    }

    /// <summary>How many codes are good now.</summary>
    public Task<long> CountLive() =>
        App.Installation.Query<long>(
            Function switch
            {
                "completeSignup" => "SELECT COUNT(*) FROM signups WHERE app_id = @Id AND status = 'pending'",
                "resetPassword" => "SELECT COUNT(*) FROM user_codes WHERE app_id = @Id AND purpose = 'reset' AND used_at IS NULL",
                _ => "SELECT COUNT(*) FROM invitations WHERE app_id = @Id AND status = 'pending'",
            },
            new { App.Id }
        );

    private async Task<LoggedInUser> Inviter(App app)
    {
        var handle = $"inviter-{app.ClientAddress}@example.com";
        if (await app.CountUsers(handle) == 0)
        {
            return await app.CreateUserByCode(handle);
        }

        await app.ForgetLogins();
        return await app.Login(handle);
    }
}
