using Latchkey.Core;
using Latchkey.Limits;
using Latchkey.Provider.Authorization;

namespace Latchkey.HostedPages;

/// <summary>What a mailed link names in the address of its page (<see cref="Users.MailedLink.To"/>).</summary>
/// <param name="Handle">Whom the mail went to.</param>
/// <param name="Token">In place of a code.</param>
/// <param name="Locale">The language of the mail.</param>
public sealed record MailedLinkQuery(string Handle, string Token, string Locale)
{
    private const int MaxLength = 320;

    /// <summary>The address's query, to come back to the page.</summary>
    public string Query =>
        $"handle={Uri.EscapeDataString(Handle)}&code={Uri.EscapeDataString(Token)}&locale={Uri.EscapeDataString(Locale)}";

    /// <summary>Null for an address without a link's token.</summary>
    public static MailedLinkQuery? Read(HttpRequest request)
    {
        var (handle, token) = (request.Query["handle"].ToString(), request.Query["code"].ToString());
        return handle.Length is > 0 and <= MaxLength && token.Length <= MaxLength && CodeAttempts.IsLinkToken(token)
            ? new(handle, token, request.Query["locale"].ToString())
            : null;
    }

    /// <summary>What the form of the page does (<see cref="FormGuard"/>).</summary>
    public string FormOf(string path) => $"{path} {Handle} {Token}";

    /// <summary>Whether this browser asked for the mail.</summary>
    public bool IsOf(MailedStep step) =>
        string.Equals(Core.Handle.KeyOf(step.Handle), Core.Handle.KeyOf(Core.Handle.Normalise(Handle)), StringComparison.Ordinal);

    /// <summary>
    /// Whether this browser asked for the mail with an authorization request, which a mail cannot carry, and which is still good.
    /// </summary>
    public bool IsForgotten(PageRequest page, MailedStep step, AuthorizationFlow flow) =>
        page.RequestText.Length == 0 && step.Request.Length > 0 && IsOf(step) && flow.Read(page.Caller, step.Request) is not null;
}
