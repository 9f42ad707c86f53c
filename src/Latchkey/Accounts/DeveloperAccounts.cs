using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>How portal accounts come to be: by the setup link, on the command line, and for those who sign up or are invited.</summary>
public sealed class DeveloperAccounts(
    Database database,
    DeveloperStore store,
    PasswordHasher hasher,
    InstallationLog log,
    TimeProvider clock
)
{
    /// <summary>Under which the portal waits for password hashing and counts tries.</summary>
    public const string Scope = "portal";

    /// <summary>Whether anybody has an account. Before that, only the setup link opens the portal.</summary>
    public Task<bool> Any() => database.Read(store.Any);

    /// <summary>A new one-time setup token when nobody has an account yet; else null.</summary>
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

    /// <summary>
    /// The first operator; the token dies with it. 613 when it was used or replaced, or somebody has an account, whatever way it came to
    /// be.
    /// </summary>
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

    /// <summary>An account made on the command line.</summary>
    public Task<Result<Developer>> Create(string name, string email, string password, Role role) =>
        Create(name, email, password, role, Actor.CommandLine, (_, _) => Task.FromResult<Result<Done>>(default(Done)));

    /// <summary>
    /// An account, and what else its transaction must do before it is there: 601 when the address has one, 602 and 702 for what it may not
    /// be made of.
    /// </summary>
    /// <param name="by">What way it comes, as the server's log names it.</param>
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

        var created = await database.Write<Result<Developer>>(async db =>
        {
            if ((await first(db, developer)).Error is { } dead)
            {
                return dead;
            }

            await store.RemoveSetupLink(db); // it stands in the log, and whoever reads that must not become an operator later
            if (!await store.Insert(db, developer))
            {
                return AccountValidator.AddressTaken;
            }

            await (then?.Invoke(db, developer) ?? Task.CompletedTask);
            return developer;
        });
        if (created.Succeeded)
        {
            log.LogAction($"account {developer.Id} made ({role.ToName()})", by);
        }

        return created;
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

        return (await hasher.Hash(Scope, input)).Failed(out var hash, out var busy)
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
