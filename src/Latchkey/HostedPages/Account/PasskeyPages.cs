using Latchkey.Api.Passkeys;
using Latchkey.Core;
using Latchkey.Users.Administration;
using Latchkey.Users.Passkeys;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>
/// The user's passkeys, and one of them: its name, and its end. The rules are those of passkeys, passkeyRename and passkeyDelete.
/// </summary>
public static class PasskeyPages
{
    private const string NameInput = "name";

    public static void MapPasskeyPages(this RouteGroupBuilder account)
    {
        AccountRoute.Map(account, AccountPaths.Passkeys, isOffered: request => request.Settings.PasskeysEnabled).MapGet("", Show);
        var one = AccountRoute.Map(account, AccountPaths.Passkey, isOffered: request => request.Settings.PasskeysEnabled);
        one.MapGet("", ShowOne);
        one.MapPost("", Rename);
        var removal = AccountRoute.Map(account, AccountPaths.RemovePasskey, needsProof: true, request => request.Settings.PasskeysEnabled);
        removal.MapGet("", AskToRemove);
        removal.MapPost("", Remove);
    }

    private static async Task<IResult> Show(HttpContext context, AccountView view, UserPasskeys passkeys)
    {
        var request = AccountApi.RequestOf(context);
        var (text, all) = (request.Text, (await passkeys.List(request.Application.Id, request.User)).Passkeys);
        return view.Show(
            request,
            text.PasskeysHeading,
            _ =>
                $"""
                    <p class="lead">{E(text.PasskeysText)}</p>
                    {string.Concat(all.Select(passkey => Section(request, passkey)))}
                    {(request.PasskeysWork ? AddLink(request) : "")}
                    """
        );
    }

    private static async Task<IResult> ShowOne(HttpContext context, AccountView view, UserPasskeys passkeys)
    {
        var request = AccountApi.RequestOf(context);
        return await Find(request, passkeys) is not { } passkey
            ? AccountApi.Go(request, AccountPaths.Passkeys)
            : view.Show(
                request,
                request.Text.PasskeyHeading,
                note =>
                    Card(
                        null,
                        $"""
                    {Facts(request, passkey)}
                    {view.Form(
                        request,
                        NameField(request, note.Fields.GetValueOrDefault(NameInput, passkey.Name))
                            + Button(request.Text.Save)
                    )}
                    <p>{Link(request, AccountPaths.RemovePasskey, request.Text.PasskeyRemove, $"id={passkey.Id}")}</p>
                    """
                    ),
                AccountPaths.Passkeys
            );
    }

    private static async Task<IResult> Rename(HttpContext context, AccountNotes notes, UserPasskeys passkeys)
    {
        var request = AccountApi.RequestOf(context);
        var renamed = await passkeys.Rename(request.User, request.Id, request.Form[NameInput] ?? "", request.Actor);
        return await notes.Answer(request, "passkeyRename", renamed, AccountPaths.Passkeys, "saved");
    }

    private static async Task<IResult> AskToRemove(HttpContext context, AccountView view, UserPasskeys passkeys)
    {
        var request = AccountApi.RequestOf(context);
        return await Find(request, passkeys) is not { } passkey
            ? AccountApi.Go(request, AccountPaths.Passkeys)
            : view.Show(
                request,
                request.Text.PasskeyRemove,
                _ =>
                    Card(
                        null,
                        $"<p>{Fill(request.Text.PasskeyRemoveText, ("NAME", passkey.Name))}</p>"
                            + Facts(request, passkey)
                            + view.Form(request, Button(request.Text.Remove, style: "danger"))
                    ),
                AccountPaths.Passkeys
            );
    }

    private static async Task<IResult> Remove(HttpContext context, AccountNotes notes, PasskeyDeletion deletion)
    {
        var request = AccountApi.RequestOf(context);
        var deleted = await deletion.Delete(request.Caller, request.Id);
        return await notes.Answer(request, "passkeyDelete", deleted, AccountPaths.Passkeys, "passkeyRemoved");
    }

    /// <summary>The user's own passkey of the address; null for none.</summary>
    private static async Task<Passkey?> Find(AccountRequest request, UserPasskeys passkeys) =>
        (await passkeys.List(request.Application.Id, request.User)).Passkeys.FirstOrDefault(passkey => passkey.Id == request.Id);

    private static string Section(AccountRequest request, Passkey passkey) =>
        $"""
            <section class="card"><h2><bdi>{E(passkey.Name)}</bdi></h2>
            {Facts(request, passkey)}
            <p>{Link(request, AccountPaths.Passkey, request.Text.Change, $"id={passkey.Id}")}</p>
            </section>

            """;

    private static string AddLink(AccountRequest request) =>
        $"<p><a class=\"button\" href=\"{E(request.Address(AccountPaths.AddPasskey))}\">{E(request.Text.PasskeyAdd)}</a></p>";

    private static string NameField(AccountRequest request, string name) =>
        Field(NameInput, request.Text.PasskeyName, name, "type=\"text\" maxlength=\"64\" dir=\"auto\" required");

    private static string Facts(AccountRequest request, Passkey passkey)
    {
        var text = request.Text;
        return (passkey.RpId == request.Settings.PasskeyRpId ? "" : $"<p class=\"refused\">{E(text.PasskeyUnusable)}</p>")
            + Terms([
                (text.Kind, E(PasskeyModels.Find(passkey.Aaguid) ?? (passkey.BackedUp ? text.PasskeySynced : text.PasskeyDevice))),
                (text.Created, Time(passkey.CreatedAt)),
                (text.LastUsed, passkey.LastUsedAt is { } used ? Time(used) : E(text.Never)),
            ]);
    }
}
