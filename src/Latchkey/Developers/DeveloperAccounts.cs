using Latchkey.Applications;
using Latchkey.Contract;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Passwords;
using Latchkey.Tokens;

namespace Latchkey.Developers;

/// <summary>Portal accounts and their sessions: the setup link, signing in and out.</summary>
public sealed class DeveloperAccounts(Database database, DeveloperStore store, PasswordHasher hasher, RateLimits limits, TimeProvider clock)
{
    private const string Scope = "portal";
    private const int LongestName = 100;
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);
    private static readonly TimeSpan Absolute = TimeSpan.FromHours(24);
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);
    private static readonly ApplicationSettings Policy = new() { PasswordFormat = "plain", PasswordFilter = true, PasswordMinLength = 10, PasswordMinDigit = 0, PasswordMinLower = 0, PasswordMinSpecial = 0, PasswordMinUpper = 0 };

    /// <summary>A new one-time setup token when nobody has an account yet; else null.</summary>
    public async Task<string?> CreateSetupToken()
    {
        if (await database.Read(store.Any))
        {
            return null;
        }

        var token = Secrets.Token();
        await database.Write(db => store.SetSetupLink(db, Secrets.Hash(token)));
        return token;
    }

    public Task<bool> IsSetupToken(string token) => database.Read(db => store.IsSetupLink(db, Secrets.Hash(token)));

    /// <summary>The first operator; the token dies with it. 613 when it was used or replaced.</summary>
    public async Task<Result<Developer>> SetUp(string token, string name, string email, string password)
    {
        var (developer, refused) = await Plan(name, email, password, DeveloperRole.Operator);
        return refused is not null ? refused : await database.Write<Result<Developer>>(async db =>
        {
            if (!await store.UseSetupLink(db, Secrets.Hash(token)))
            {
                return ErrorCodes.InvalidToken with { Message = "This setup link was used already, or a newer one was printed." };
            }

            return await Insert(db, developer!);
        });
    }

    /// <summary>An operator made on the command line.</summary>
    public async Task<Result<Developer>> CreateOperator(string name, string email, string password)
    {
        var (developer, refused) = await Plan(name, email, password, DeveloperRole.Operator);
        return refused is not null ? refused : await database.Write(db => Insert(db, developer!));
    }

    /// <summary>The token of a new session: 600 for a wrong address or password alike, 700 after too many.</summary>
    public async Task<Result<string>> SignIn(string email, string password, ClientAddress client)
    {
        var address = Handle.Normalise(email);
        if (await limits.Take(Scope, new Try(DefaultLimits.PortalLogins, $"{address}|{client.Network}")) is { } tooMany)
        {
            return tooMany with { Message = "Too many attempts. Please wait a little." };
        }

        var developer = await database.Read(db => store.ByEmail(db, address));
        var (match, busy) = await hasher.Verify(Scope, developer?.PasswordHash, new RawPassword(password).As(prehashed: false));
        if (busy is not null)
        {
            return busy with { Message = "The server is busy. Please try again." };
        }

        if (!match!.Matches || developer is not { Status: "active" })
        {
            return ErrorCodes.InvalidCredentials with { Message = "The e-mail address or the password is wrong." };
        }

        return await database.Write(async db =>
        {
            await limits.Clear(db, DefaultLimits.PortalLogins, Scope, $"{address}|{client.Network}");
            return (Result<string>)await OpenSession(db, developer.Id, client);
        });
    }

    /// <summary>A session for someone who has just proved who they are in another way (the setup link).</summary>
    public Task<string> OpenSession(Developer developer, ClientAddress client) => database.Write(db => OpenSession(db, developer.Id, client));

    /// <summary>The developer of a live session; being seen keeps it from idling out.</summary>
    public async Task<Developer?> FindSession(string token)
    {
        var (hash, now) = (Secrets.Hash(token), clock.Now());
        var found = await database.Read(db => store.FindSession(db, hash, now, now - (long)Idle.TotalMilliseconds));
        if (found is { } live && now - live.Session.SeenAt > TouchEvery.TotalMilliseconds)
        {
            await database.Write(db => store.Touch(db, hash, now));
        }

        return found?.Developer;
    }

    public Task SignOut(string token) => database.Write(db => store.EndSession(db, Secrets.Hash(token)));

    private async Task<string> OpenSession(System.Data.Common.DbConnection db, string developerId, ClientAddress client)
    {
        var (token, now) = (Secrets.Token(), clock.Now());
        await store.InsertSession(db, new PortalSession
        {
            TokenHash = Secrets.Hash(token),
            DeveloperId = developerId,
            Client = client.Address,
            CreatedAt = now,
            SeenAt = now,
            ExpiresAt = now + (long)Absolute.TotalMilliseconds,
        });
        return token;
    }

    private async Task<Result<Developer>> Plan(string name, string email, string password, string role)
    {
        var (address, notAnAddress) = Handle.Email(email);
        if (notAnAddress is not null)
        {
            return notAnAddress with { Message = "This is not an e-mail address." };
        }

        if (name.Trim().Length is 0 or > LongestName || !Field.IsStorable(name) || name.Any(char.IsControl))
        {
            return ErrorCodes.InvalidData with { Message = $"A name has 1 to {LongestName} characters." };
        }

        var (input, weak) = PasswordPolicy.Accept(Policy, new RawPassword(password));
        if (weak is not null)
        {
            return weak with { Message = $"Choose another password ({weak.Cause})." };
        }

        var (hash, busy) = await hasher.Hash(Scope, input);
        return busy is not null ? busy : new Developer { Id = Ids.New(clock), Email = address.Text, Name = name.Trim(), Role = role, PasswordHash = hash!, CreatedAt = clock.Now() };
    }

    private async Task<Result<Developer>> Insert(System.Data.Common.DbConnection db, Developer developer) =>
        await store.Insert(db, developer) ? developer : ErrorCodes.HandleRegistered with { Message = "This address has an account already." };
}
