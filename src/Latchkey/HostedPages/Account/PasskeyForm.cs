using Latchkey.Users.Passkeys;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>What a form needs to make a passkey or to use one, with the script beside it. The one thing here that needs a script.</summary>
public static class PasskeyForm
{
    public const string Script = "js/account-passkey.js";
    public const string RequestToken = "request-token";
    public const string Credential = "credential";

    /// <param name="what">create or get: the function of navigator.credentials.</param>
    public static string Fields(AccountRequest request, string what, PasskeyOptions options, string button) =>
        $"""
            <div data-passkey="{what}" data-options="{E(options.Options.GetRawText())}">
            <input type="hidden" name="{RequestToken}" value="{E(options.RequestToken)}">
            <input type="hidden" name="{Credential}" value="">
            <p class="scriptless">{E(request.Text.PasskeyScript)}</p>
            <p class="refused" role="alert" hidden>{E(request.Text.Problems["passkeyRefused"])}</p>
            <button type="submit" hidden>{E(button)}</button>
            </div>
            """;
}
