using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>Creates portal accounts: through the setup link, the command line, signup and invitations.</summary>
public sealed class DeveloperAccounts(
    Database database,
    DeveloperStore store,
    PasswordHasher hasher,
    InstallationLog log,
    TimeProvider clock
)
{
    /// <summary>The scope of the portal's password hashing and rate limits.</summary>
    public const string Scope = "portal";

    /// <summary>Whether anybody has an account. Before that, only the setup link opens the portal.</summary>
    public Task<bool> Any() => database.Read(store.Any);

    /// <summary>Creates a single-use setup token; null when an account exists.</summary>
    public async Task<string?> CreateSetupToken()
    {
        if (await Any())
        {
            return null;
        }

        var token = Secrets.Token();
        await database.Write(db => store.SetSetupLink(db, Secrets.Hash(token)));
        return token;
    }

    public Task<bool> IsSetupToken(string token) =>
        database.Read(async db => await store.IsSetupLink(db, Secrets.Hash(token)) && !await store.Any(db));

    /// <summary>Creates the first operator and consumes the token. 613 when the token was used or replaced, or an account exists.</summary>
    public Task<Result<Developer>> SetUp(string token, string name, string email, string password, ClientAddress client) =>
        Create(
            name,
            email,
            password,
            Role.Operator,
            new Actor("setup link", client.Address),
            async (db, _) =>
                await store.TryConsumeSetupLink(db, Secrets.Hash(token)) && !await store.Any(db)
                    ? default(Done)
                    : ErrorCodes.InvalidToken with
                    {
                        Message = "This set-up link was already used, a newer one was printed, or the installation already has an account.",
                    }
        );

    /// <summary>Creates an account from the command line.</summary>
    public Task<Result<Developer>> Create(string name, string email, string password, Role role) =>
        Create(name, email, password, role, Actor.CommandLine, (_, _) => Task.FromResult<Result<Done>>(default(Done)));

    /// <summary>
    /// Creates an account in a transaction: <paramref name="first"/> runs before the insert, <paramref name="then"/> after it. 601 when the
    /// address has an account; 602 and 702 for invalid data.
    /// </summary>
    /// <param name="by">The actor, for the installation's log.</param>
    public async Task<Result<Developer>> Create(
        string name,
        string email,
        string password,
        Role role,
        Actor by,
        Func<DbConnection, Developer, Task<Result<Done>>> first,
        Func<DbConnection, Developer, Task>? then = null
    )
    {
        if ((await Prepare(name, email, password, role)).Failed(out var developer, out var refused))
        {
            return refused;
        }

        return await log.Write<Developer>(
            InstallationEntry.By(by, "createDeveloper", $"made ({role.ToName()})", developer.Id),
            async db =>
            {
                if ((await first(db, developer)).Error is { } dead)
                {
                    return dead;
                }

                await store.RemoveSetupLink(db); // the link is in the log; a later reader must not become an operator
                if (!await store.Insert(db, developer))
                {
                    return AccountValidator.AddressTaken;
                }

                await (then?.Invoke(db, developer) ?? Task.CompletedTask);
                return developer;
            }
        );
    }

    private async Task<Result<Developer>> Prepare(string rawName, string rawEmail, string password, Role role)
    {
        if (AccountValidator.ParseName(rawName).Failed(out var name, out var badName))
        {
            return badName;
        }

        if (AccountValidator.ParseEmail(rawEmail).Failed(out var email, out var badAddress))
        {
            return badAddress;
        }

        if (AccountValidator.ParsePassword(password).Failed(out var input, out var weak))
        {
            return weak;
        }

        return (await hasher.Hash(HashingShare.ForScope(Scope, email), input)).Failed(out var hash, out var busy)
            ? AccountValidator.Busy
            : new Developer
            {
                Id = Ids.New(clock),
                Email = email,
                Name = name,
                Role = role,
                PasswordHash = hash,
                CreatedAt = clock.Now(),
            };
    }
}
