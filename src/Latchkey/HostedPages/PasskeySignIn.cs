using Latchkey.Api.Passkeys;
using Latchkey.Core;
using Latchkey.Provider;

namespace Latchkey.HostedPages;

/// <summary>The form that the browser fills with a passkey's answer. The rules are those of the API's passkeyLogin.</summary>
public sealed class PasskeySignIn(PasskeyLogin rules, PasskeyParts passkeys, PageSignIn signIn)
{
    public async Task<IResult> SignIn(PageRequest page, OAuthParameters form)
    {
        if (
            !passkeys.AreUsable(page)
            || form[PasskeyParts.TokenField] is not { } token
            || form[PasskeyParts.CredentialField] is not { } credential
        )
        {
            return await Refuse(page, ErrorCodes.InvalidPasskey.WithCause("no passkey was sent"));
        }

        return (await rules.Open(page.App, token, credential)).Failed(out var signedIn, out var refused)
            ? await Refuse(page, refused)
            : await signIn.Next(page, signedIn, handle: "");
    }

    /// <summary>A passkey that nobody has, and one that is no answer, look alike. The log has the cause.</summary>
    private Task<IResult> Refuse(PageRequest page, Error error)
    {
        var isUnknown = error.Code == ErrorCodes.InvalidCredentials.Code || error.Code == ErrorCodes.InvalidData.Code;
        var shown = isUnknown ? ErrorCodes.InvalidPasskey.WithCause(error.Cause ?? error.Message) : error;
        return signIn.Refuse(page, LoginPages.LoginPath, "passkeyLogin", shown, handle: "");
    }
}
