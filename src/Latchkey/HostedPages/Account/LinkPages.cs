using Latchkey.Core;
using Latchkey.HostedPages.Providers;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Identities;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>The user's accounts at other providers. The rules are those of links and unlink.</summary>
public static class LinkPages
{
    public static void MapLinkPages(this RouteGroupBuilder account)
    {
        AccountRoute.Map(account, AccountPaths.Links).MapGet("", Show);
        var removal = AccountRoute.Map(account, AccountPaths.RemoveLink, needsProof: true);
        removal.MapGet("", AskToRemove);
        removal.MapPost("", Remove);
    }

    private static async Task<IResult> Show(HttpContext context, AccountView view, UserIdentities identities)
    {
        var request = AccountApi.RequestOf(context);
        var (text, all) = (request.Text, await identities.List(request.User));
        return view.Show(
            request,
            text.LinksHeading,
            _ =>
                $"<p class=\"lead\">{E(all.Count > 0 ? text.LinksText : text.LinksNone)}</p>"
                + string.Concat(all.Select(one => Section(request, one)))
                + Offers(request, all)
        );
    }

    private static async Task<IResult> AskToRemove(HttpContext context, AccountView view, UserIdentities identities)
    {
        var request = AccountApi.RequestOf(context);
        return (await identities.List(request.User)).FirstOrDefault(one => one.Id == request.Id) is not { } found
            ? AccountApi.Go(request, AccountPaths.Links)
            : view.Show(
                request,
                Plain(request.Text.LinkRemoveHeading, "PROVIDER", NameOf(request, found)),
                _ =>
                    Card(
                        null,
                        $"<p>{E(request.Text.LinkRemoveText)}</p>"
                            + Facts(request, found)
                            + view.Form(request, Button(request.Text.Remove, style: "danger"))
                    ),
                AccountPaths.Links
            );
    }

    private static async Task<IResult> Remove(HttpContext context, AccountNotes notes, UserIdentities identities)
    {
        var request = AccountApi.RequestOf(context);
        var (reason, kept) = (SessionEndReason.SignedOutElsewhere, request.Session.Id);
        var removed = await identities.Unlink(request.Application, request.User, request.Id, reason, request.Actor, kept);
        return await notes.Answer(request, "unlink", removed, AccountPaths.Links, "unlinked");
    }

    /// <summary>The ways to link an account of the application's other providers.</summary>
    private static string Offers(AccountRequest request, IReadOnlyList<UserIdentity> linked) =>
        !request.Settings.LinkingEnabled
            ? ""
            : string.Concat(
                request
                    .Application.IdentityProviders.Where(one => one.Enabled && linked.All(known => known.Provider != one.Alias))
                    .Select(one => ProviderButtons.LinkOffer(request.Page, one, request.Text.LinkAdd))
            );

    private static string Section(AccountRequest request, UserIdentity identity) =>
        $"""
            <section class="card"><h2>{E(NameOf(request, identity))}</h2>
            {Facts(request, identity)}
            <p>{Link(request, AccountPaths.RemoveLink, request.Text.Remove, $"id={identity.Id}")}</p>
            </section>

            """;

    private static string NameOf(AccountRequest request, UserIdentity identity) =>
        SocialProvider.DisplayName(identity.Provider, request.Application.IdentityProviders);

    private static string Facts(AccountRequest request, UserIdentity identity) =>
        Terms([
            (request.Text.Email, identity.Email.Length > 0 ? $"<bdi>{E(identity.Email)}</bdi>" : ""),
            (request.Text.Created, Time(identity.CreatedAt)),
            (request.Text.LastUsed, identity.LastUsedAt is { } used ? Time(used) : E(request.Text.Never)),
        ]);
}
