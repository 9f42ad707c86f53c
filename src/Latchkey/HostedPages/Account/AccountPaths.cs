namespace Latchkey.HostedPages.Account;

/// <summary>
/// The account pages below the issuer. The sign-in page and the page that asks for a proof lead back to one of them by its name, and to
/// nothing else.
/// </summary>
public static class AccountPaths
{
    public const string Overview = "account";
    public const string Profile = "account/profile";
    public const string Email = "account/email";
    public const string EmailCode = "account/email/code";
    public const string Phone = "account/phone";
    public const string PhoneCode = "account/phone/code";
    public const string Password = "account/password";
    public const string Factors = "account/factors";
    public const string Authenticator = "account/factors/authenticator";
    public const string RemoveFactor = "account/factors/remove";
    public const string RecoveryCodes = "account/recovery-codes";
    public const string NewRecoveryCodes = "account/recovery-codes/new";
    public const string Passkeys = "account/passkeys";
    public const string AddPasskey = "account/passkeys/add";
    public const string Passkey = "account/passkeys/passkey";
    public const string RemovePasskey = "account/passkeys/remove";
    public const string Sessions = "account/sessions";
    public const string Links = "account/links";
    public const string RemoveLink = "account/links/remove";
    public const string Apps = "account/apps";
    public const string Data = "account/data";
    public const string DataFile = "account/data/file";
    public const string Delete = "account/delete";
    public const string Deleted = "account/deleted";
    public const string Proof = "account/proof";

    /// <summary>On the sign-in page and the one for a proof: where the user goes on.</summary>
    public const string ContinueParameter = "continue";

    /// <summary>What of many the page is about.</summary>
    public const string IdParameter = "id";

    private const int MaxIdLength = 64;

    private static readonly string[] Known =
    [
        Overview,
        Profile,
        Email,
        EmailCode,
        Phone,
        PhoneCode,
        Password,
        Factors,
        Authenticator,
        RemoveFactor,
        RecoveryCodes,
        Passkeys,
        AddPasskey,
        Passkey,
        RemovePasskey,
        Sessions,
        Links,
        RemoveLink,
        Apps,
        Data,
        DataFile,
        Delete,
    ];

    /// <summary>Where the user goes on after signing in or a proof; null if the address names no page of these.</summary>
    public static string? FindReturn(HttpContext context, string issuer) =>
        FindContinue(context) is { } path ? $"{issuer}/{path}{IdQuery(context, "?")}" : null;

    /// <summary>What the pages in between keep in their address, so that <see cref="FindReturn"/> finds it; null for nothing.</summary>
    public static string? FindQuery(HttpContext context) => FindContinue(context) is { } path ? QueryFor(context, path) : null;

    /// <summary>The query that leads back to a page with the id of this request.</summary>
    public static string QueryFor(HttpContext context, string path) => $"{ContinueParameter}={path}{IdQuery(context, "&")}";

    /// <summary>The id of the address; empty if it cannot be one.</summary>
    public static string IdOf(HttpContext context) => context.Request.Query[IdParameter].ToString() is var id && IsId(id) ? id : "";

    private static string? FindContinue(HttpContext context) =>
        Known.FirstOrDefault(path => path == context.Request.Query[ContinueParameter].ToString());

    private static string IdQuery(HttpContext context, string before) =>
        IdOf(context) is { Length: > 0 } id ? $"{before}{IdParameter}={id}" : "";

    private static bool IsId(string text) =>
        text.Length is > 0 and <= MaxIdLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
