using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Templates;

namespace Latchkey.Billing.Accounts;

/// <summary>Creates and changes billing accounts.</summary>
public sealed class BillingAccountRules(Database database, BillingAccountStore store, InstallationLog log, TimeProvider clock)
{
    internal static Error NoSuchAccount => Setting.Invalid("There is no such billing account.");

    /// <summary>Creates an account. 602 with a sentence for what is invalid.</summary>
    public async Task<Result<BillingAccount>> Create(BillingAccount account, Actor actor)
    {
        if (Validate(account).Failed(out var valid, out var refused))
        {
            return refused;
        }

        if (Currency.Parse(account.Currency).Failed(out var currency, out var unknown))
        {
            return unknown;
        }

        var created = valid with { Id = Ids.New(clock), Currency = currency.Code, CreatedAt = clock.Now() };
        await log.Write(
            InstallationEntry.By(actor, "createBillingAccount", $"billing account {created.Id} created"),
            db => store.Insert(db, created)
        );
        return created;
    }

    /// <summary>Changes an account's name, address, tax id, mail or language. 602 with a sentence for what is invalid.</summary>
    public Task<Result<BillingAccount>> Change(string id, Func<BillingAccount, BillingAccount> change, Actor actor) =>
        log.Write<BillingAccount>(
            InstallationEntry.By(actor, "changeBillingAccount", $"billing account {id} changed"),
            async db =>
            {
                if (!Field.IsStorable(id) || await store.FindForUpdate(db, id) is not { } account)
                {
                    return NoSuchAccount;
                }

                if (Validate(change(account)).Failed(out var next, out var refused))
                {
                    return refused;
                }

                await store.Update(db, next);
                return next;
            }
        );

    public async Task<Result<BillingAccount>> Find(string id) =>
        Field.IsStorable(id) && await database.Read(db => store.Find(db, id)) is { } account ? account : NoSuchAccount;

    public Task<IReadOnlyList<BillingAccount>> List() => database.Read(store.All);

    /// <summary>The accounts whose bills a developer may see.</summary>
    public Task<IReadOnlyList<BillingAccount>> ListByDeveloper(string developerId) =>
        database.Read(db => store.ListByDeveloper(db, developerId));

    /// <summary>An account that a developer belongs to; 602 for any other, as if there were none.</summary>
    public async Task<Result<BillingAccount>> FindForDeveloper(string id, string developerId) =>
        Field.IsStorable(id) && await database.Read(db => store.IsDeveloper(db, id, developerId)) ? await Find(id) : NoSuchAccount;

    public Task<IReadOnlyList<string>> DeveloperEmails(string id) => database.Read(db => store.DeveloperEmails(db, id));

    public Task<Result<Done>> AddDeveloper(string id, string email, Actor actor) =>
        ChangeDeveloper(
            id,
            email,
            async (db, key) => await store.AddDeveloper(db, id, key),
            "No account of the portal has this address.",
            "addBillingDeveloper",
            $"developer added to billing account {id}",
            actor
        );

    public Task<Result<Done>> RemoveDeveloper(string id, string email, Actor actor) =>
        ChangeDeveloper(
            id,
            email,
            async (db, key) => await store.RemoveDeveloper(db, id, key),
            "No developer of this billing account has this address.",
            "removeBillingDeveloper",
            $"developer removed from billing account {id}",
            actor
        );

    private async Task<Result<Done>> ChangeDeveloper(
        string id,
        string email,
        Func<System.Data.Common.DbConnection, string, Task<bool>> change,
        string refusal,
        string action,
        string what,
        Actor actor
    )
    {
        if (Handle.ParseEmail(email).Failed(out var handle, out _))
        {
            return Setting.Invalid(refusal);
        }

        return await log.Write<Done>(
            InstallationEntry.By(actor, action, what),
            async db =>
                !Field.IsStorable(id) || await store.Find(db, id) is null ? NoSuchAccount
                : await change(db, handle.Key) ? default(Done)
                : Setting.Invalid(refusal)
        );
    }

    private static Result<BillingAccount> Validate(BillingAccount account)
    {
        if (BillingText.Line("The name", account.Name).Failed(out var name, out var refused))
        {
            return refused;
        }

        if (BillingText.Lines("The address", account.Address).Failed(out var address, out refused))
        {
            return refused;
        }

        if (BillingText.OptionalLine("The tax number", account.TaxId).Failed(out var taxId, out refused))
        {
            return refused;
        }

        if (Handle.ParseEmail(account.Email).Failed(out var email, out _))
        {
            return Setting.Invalid("Enter an e-mail address for invoices.");
        }

        return Languages.All.Any(language => language.Code == account.Language)
            ? account with
            {
                Name = name,
                Address = address,
                TaxId = taxId,
                Email = email.Text,
            }
            : Setting.Invalid("The language must be a code such as EN, DE or PT-BR.");
    }
}
