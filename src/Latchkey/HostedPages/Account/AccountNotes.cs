using Latchkey.Core;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Account;

/// <summary>What follows a form of an account page: the next page, which says what was done or what went wrong.</summary>
public sealed class AccountNotes(PageCookies cookies, AuthorizationLog log)
{
    private const int MaxField = 1000;
    private const int MaxFields = 3000;

    /// <summary>As long as a user may take to prove who they are.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Fields that are never put back: they are secret, or of no use twice.</summary>
    private static readonly string[] Forgotten =
    [
        FormGuard.Field,
        "action",
        "password",
        "new-password",
        "code",
        PasskeyParts.CredentialField,
        PasskeyParts.TokenField,
    ];

    /// <summary>It is done, and the next page says so.</summary>
    /// <param name="request">The request with the form.</param>
    /// <param name="path">The next page.</param>
    /// <param name="done">The name of a text (<see cref="AccountText.Done"/>).</param>
    /// <param name="query">Of the next page's address.</param>
    public IResult Done(AccountRequest request, string path, string done, string query = "")
    {
        Write(request, new AccountNote { Page = path, Done = done });
        return AccountApi.Go(request, path, query);
    }

    /// <summary>
    /// The same page again, which says what went wrong and has what was typed; or the page that asks for a proof (710). The log has the
    /// cause.
    /// </summary>
    public async Task<IResult> Refuse(AccountRequest request, string action, Error error)
    {
        if (error.Code == ErrorCodes.StepUpRequired.Code)
        {
            return AskForProof(request);
        }

        await log.Record(request.Page.Caller, action, error, request.User.Handle);
        var seconds = error.RetryAfter is { } time ? Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)) : 0;
        Write(
            request,
            new AccountNote
            {
                Code = error.Code,
                WaitSeconds = seconds,
                Fields = Typed(request),
            }
        );
        return Again(request);
    }

    /// <summary>As <see cref="Done"/> or <see cref="Refuse"/>, as it went.</summary>
    public async Task<IResult> Answer(AccountRequest request, string action, Result<Done> result, string path, string done) =>
        result.Error is { } refused ? await Refuse(request, action, refused) : Done(request, path, done);

    /// <summary>The same page again for a form that is not ours, or is too old.</summary>
    public IResult Stale(AccountRequest request)
    {
        Write(request, new AccountNote { Code = PageNote.StaleForm });
        return Again(request);
    }

    /// <summary>The page that asks for a proof. What was typed is there again after it.</summary>
    public IResult AskForProof(AccountRequest request)
    {
        Write(request, new AccountNote { Fields = Typed(request) });
        return AccountApi.Go(request, AccountPaths.Proof, AccountPaths.QueryFor(request.Http, request.Path));
    }

    /// <summary>The note of this page, which is gone then; null for none.</summary>
    public AccountNote? Take(AccountRequest request)
    {
        var note = cookies.Read(request.Http, request.Application, PageCookies.AccountNote, HostedPagesJson.Default.AccountNote);
        if (note is null || note.Page != request.Path || note.Session != request.Session.PublicId)
        {
            return null;
        }

        cookies.Delete(request.Http, request.Application, PageCookies.AccountNote);
        return note;
    }

    private void Write(AccountRequest request, AccountNote note) =>
        cookies.Write(
            request.Http,
            request.Application,
            PageCookies.AccountNote,
            note with
            {
                Page = note.Page.Length > 0 ? note.Page : request.Path,
                Session = request.Session.PublicId,
            },
            HostedPagesJson.Default.AccountNote,
            Lifetime
        );

    private static IResult Again(AccountRequest request) => AccountApi.Go(request, request.Path, ReturnQuery(request));

    /// <summary>The page's own address, with what it is about or where it leads on to.</summary>
    private static string ReturnQuery(AccountRequest request) =>
        request.Path == AccountPaths.Proof
            ? ProofPages.QueryOf(request)
            : (request.Id.Length > 0 ? $"{AccountPaths.IdParameter}={request.Id}" : "");

    /// <summary>A cookie holds little: what does not fit is typed again.</summary>
    private static Dictionary<string, string> Typed(AccountRequest request)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var left = MaxFields;
        foreach (var (name, value) in request.SentForm?.All ?? [])
        {
            if (!Forgotten.Contains(name, StringComparer.Ordinal) && value.Length <= MaxField && name.Length + value.Length <= left)
            {
                fields[name] = value;
                left -= name.Length + value.Length;
            }
        }

        return fields;
    }
}
