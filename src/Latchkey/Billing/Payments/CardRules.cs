using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Billing.Accounts;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Billing.Payments;

/// <summary>The card of a billing account: saved on a page of the provider, shown, removed.</summary>
public sealed partial class CardRules(
    Database database,
    PaymentStore store,
    BillingAccountStore accounts,
    IPaymentProvider provider,
    InstallationLog log,
    ILogger<CardRules> failures,
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
            return BillingAccountRules.NoSuchAccount;
        }

        var payer = new Payer(account.Id, account.Name, account.Email, card?.Customer);
        if ((await provider.BeginSavingCard(payer, returnTo, stop)).Failed(out var page, out var error))
        {
            return error;
        }

        await database.Write(db => store.InsertCustomer(db, accountId, page.Customer));
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

        if (!await Take(card))
        {
            return Setting.Invalid("Another card was saved or removed since. Begin again.");
        }

        await log.Add(InstallationEntry.By(actor, "saveCard", $"card of billing account {accountId} saved"));
        return card;
    }

    /// <summary>
    /// Takes over a card, and forgets the one before it at the provider; false when another was saved or removed after the page of this
    /// one was opened. Who stops waiting does not keep the card before.
    /// </summary>
    internal async Task<bool> Take(SavedCard card)
    {
        var (isTaken, before) = await database.Write(async db =>
        {
            var stored = await store.FindCardForUpdate(db, card.Customer);
            return (await store.SetCard(db, card), stored?.Card);
        });
        if (
            isTaken
            && before is not null
            && before.Method != card.Method
            && (await provider.RemoveCard(before, CancellationToken.None)).Failed(out _, out var error)
        )
        {
            LogStillSaved(failures, before.Method, error.Cause ?? error.Message);
        }

        return isTaken;
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

        await log.Write(
            InstallationEntry.By(actor, "removeCard", $"card of billing account {accountId} removed"),
            db => store.RemoveCard(db, accountId, card.Method, WholeSecond(clock.Now()))
        );
        return new Done();
    }

    /// <summary>As the provider counts, so that a card which is entered at once after a removal is the later one.</summary>
    private static long WholeSecond(long time) => time - (time % TimeSpan.MillisecondsPerSecond);

    [LoggerMessage(1, LogLevel.Warning, "The card {Method} was replaced, but the payment provider still has it. Delete it there. {Cause}")]
    private static partial void LogStillSaved(ILogger log, string method, string cause);
}
