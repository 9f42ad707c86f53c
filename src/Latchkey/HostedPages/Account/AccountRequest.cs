using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Users;
using Latchkey.Users.Sessions;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.HostedPages.Account;

/// <summary>A request of one of the account pages, by the user who is signed in.</summary>
/// <param name="Page">The page.</param>
/// <param name="Path">One of <see cref="AccountPaths"/>.</param>
/// <param name="Caller">The user, as the API's rules know it.</param>
/// <param name="SentForm">The form of a POST, which is ours; null for a GET.</param>
public sealed record AccountRequest(PageRequest Page, string Path, UserCaller Caller, OAuthParameters? SentForm)
{
    public AccountText Text { get; } = AccountText.In(Page.Language);

    public Application Application => Caller.Application;

    public ApplicationSettings Settings => Caller.Application.Settings;

    public User User => Caller.User;

    public Session Session => Caller.Session;

    /// <summary>Whether a passkey can be made and used here: not at an origin that the application's settings do not name.</summary>
    public bool PasskeysWork { get; init; }

    public HttpContext Http => Page.Http;

    public OAuthParameters Form => SentForm ?? throw new InvalidOperationException("a GET has no form");

    /// <summary>What the page is about, of many; empty for nothing.</summary>
    public string Id => AccountPaths.IdOf(Page.Http);

    public Actor Actor => new(AuditEntry.ByUser, Caller.Client.Address);

    /// <summary>The address of an account page.</summary>
    public string Address(string path, string query = "") => $"{Page.Caller.Issuer}/{path}{(query.Length > 0 ? $"?{query}" : "")}";

    /// <summary>What a form of a page does: it is for this session, so who signs in meanwhile in another tab is asked anew.</summary>
    public static string FormOf(string path, Session session) => $"{path} {session.PublicId}";

    public static ValueTask<AccountRequest?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<AccountRequest>());
}
