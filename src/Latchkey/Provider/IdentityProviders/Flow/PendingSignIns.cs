using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider.Sessions;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>
/// Sign-ins under way. Each is bound to the browser that began it by a cookie, and what begins with a state is used once, by one statement.
/// A browser has one proved identity at a time.
/// </summary>
public sealed class PendingSignIns(ProviderSignInStore store, Database database, ProviderCookies cookies, KeyRing ring, TimeProvider clock)
{
    /// <summary>How long people can take at the provider, and then on the pages here.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long an app can take to use its code.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromSeconds(60);

    private const string Cookie = "latchkey-via";
    private const string IdentityName = "identity";
    private const int ValueLength = 43;

    /// <summary>The encryption purpose of a row's content, by row id.</summary>
    public static string Purpose(string id) => $"provider-sign-in/{id}";

    /// <summary>Keeps a sign-in that goes to the provider now. Returns its state, with 256 random bits.</summary>
    public async Task<string> Begin(HttpContext context, Application application, BegunSignIn begun)
    {
        var state = Secrets.Token();
        var browser = BindBrowser(context, application);
        await Save(application, StateId(state), browser, begun, SignInJson.Default.BegunSignIn, Lifetime);
        return state;
    }

    /// <summary>The sign-in of a state, which is used up; null if it is none of this browser, was used, or is too old.</summary>
    public async Task<BegunSignIn?> TakeBegun(HttpContext context, Application application, string state) =>
        ReadBrowser(context) is { } browser ? await Take(application, StateId(state), browser, SignInJson.Default.BegunSignIn) : null;

    /// <summary>
    /// Keeps who was proved, in the place of whoever was before. The cookie gets a new value, so that nobody who knew or planted the old
    /// one gets the identity.
    /// </summary>
    public Task KeepIdentity(HttpContext context, Application application, PendingIdentity identity)
    {
        var browser = BindBrowser(context, application, Secrets.Token());
        return Save(application, IdentityId(browser), browser, identity, SignInJson.Default.PendingIdentity, Lifetime);
    }

    /// <summary>Who was proved in this browser; null for nobody.</summary>
    public async Task<PendingIdentity?> FindIdentity(HttpContext context, Application application) =>
        ReadBrowser(context) is { } browser
        && await database.Read(db => store.Find(db, application.Id, IdentityId(browser), Secrets.Hash(browser), clock.Now())) is { } text
            ? Open(IdentityId(browser), text, SignInJson.Default.PendingIdentity)
            : null;

    /// <summary>As <see cref="FindIdentity"/>, and it is used up.</summary>
    public async Task<PendingIdentity?> TakeIdentity(HttpContext context, Application application) =>
        ReadBrowser(context) is { } browser
            ? await Take(application, IdentityId(browser), browser, SignInJson.Default.PendingIdentity)
            : null;

    /// <summary>A code for an app, with 256 random bits.</summary>
    public async Task<string> IssueCode(Application application, PendingIdentity identity)
    {
        var code = Secrets.Token();
        await Save(application, CodeId(code), "", identity, SignInJson.Default.PendingIdentity, CodeLifetime);
        return code;
    }

    /// <summary>What a code stands for, which is used up; null for none.</summary>
    public Task<PendingIdentity?> TakeCode(Application application, string code) =>
        Take(application, CodeId(code), "", SignInJson.Default.PendingIdentity);

    private async Task Save<T>(Application application, string id, string browser, T content, JsonTypeInfo<T> type, TimeSpan lifetime)
    {
        var text = ring.Encrypt(Purpose(id), JsonSerializer.SerializeToUtf8Bytes(content, type));
        var expiresAt = clock.Now() + (long)lifetime.TotalMilliseconds;
        await database.Write(db => store.Save(db, application.Id, id, HashOf(browser), text, expiresAt));
    }

    private async Task<T?> Take<T>(Application application, string id, string browser, JsonTypeInfo<T> type)
        where T : class =>
        await database.Write(db => store.Take(db, application.Id, id, HashOf(browser), clock.Now())) is { } text
            ? Open(id, text, type)
            : null;

    private T? Open<T>(string id, string text, JsonTypeInfo<T> type)
        where T : class => ring.TryOpen(Purpose(id), text) is { } json ? JsonSerializer.Deserialize(json, type) : null;

    /// <summary>The value of the browser's cookie, which is written anew so that it lives on.</summary>
    private string BindBrowser(HttpContext context, Application application, string? renewed = null)
    {
        var value = renewed ?? context.Items[Cookie] as string ?? ReadBrowser(context) ?? Secrets.Token();
        context.Items[Cookie] = value;
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(clock.Now()) + Lifetime;
        cookies.Write(context, application, Cookie, value, expires);
        return value;
    }

    private string? ReadBrowser(HttpContext context) => cookies.Read(context, Cookie) is { Length: ValueLength } value ? value : null;

    private static string HashOf(string browser) => browser.Length > 0 ? Secrets.Hash(browser) : "";

    private static string StateId(string state) => Secrets.Hash($"state\n{state}");

    private static string CodeId(string code) => Secrets.Hash($"code\n{code}");

    private static string IdentityId(string browser) => Secrets.Hash($"{IdentityName}\n{browser}");
}
