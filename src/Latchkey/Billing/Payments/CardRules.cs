using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Billing.Accounts;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Payments;

/// <summary>The card of a billing account: saved on a page of the provider, shown, removed.</summary>
public sealed class CardRules(
    Database database,
    PaymentStore store,
    BillingAccountStore accounts,
    IPaymentProvider provider,
    InstallationLog log,
    TimeProvider clock
)
{
    /// <summary>Whether invoices can be charged to cards at all.</summary>
    public bool IsOn => provider.ChargesCards;

    /// <summary>The account's card; null for none.</summary>
    public async Task<SavedCard?> Find(string accountId) => (await database.Read(db => store.FindCard(db, accountId)))?.Card;

    /// <summary>The page of the provider where the person enters a card.</summary>
    /// <param name="returnTo">Where the person comes back to, with the session in the query.</param>
    public async Task<Result<HostedPage>> BeginSaving(string accountId, Uri returnTo, CancellationToken stop)
    {
        var (account, card) = await database.Read(async db => (await accounts.Find(db, accountId), await store.FindCard(db, accountId)));
        if (account is null)
        {
            return Setting.Invalid("There is no such billing account.");
        }

        var payer = new Payer(account.Id, account.Name, account.Email, card?.Customer);
        if ((await provider.BeginSavingCard(payer, returnTo, stop)).Failed(out var page, out var error))
        {
            return error;
        }

        await database.Write(db => store.InsertCustomer(db, accountId, page.Customer, clock.Now()));
        return page;
    }

    /// <summary>Takes over the card that was entered on the provider's page. A card of another account is refused.</summary>
    public async Task<Result<SavedCard>> CompleteSaving(string accountId, string session, Actor actor, CancellationToken stop)
    {
        var known = await database.Read(db => store.FindCard(db, accountId));
        if ((await provider.FindSavedCard(session, stop)).Failed(out var card, out var error))
        {
            return error;
        }

        if (known?.Customer != card.Customer)
        {
            return Setting.Invalid("No card was saved. Begin again.");
        }

        await database.Write(db => store.SetCard(db, card, clock.Now()));
        log.LogAction($"card of billing account {accountId} saved", actor);
        return card;
    }

    /// <summary>Forgets the account's card, here and at the provider.</summary>
    public async Task<Result<Done>> Remove(string accountId, Actor actor, CancellationToken stop)
    {
        if (await Find(accountId) is not { } card)
        {
            return Setting.Invalid("No card is saved.");
        }

        if ((await provider.RemoveCard(card, stop)).Failed(out _, out var error))
        {
            return error;
        }

        await database.Write(db => store.RemoveCard(db, accountId, card.Method));
        log.LogAction($"card of billing account {accountId} removed", actor);
        return new Done();
    }
}
