using Latchkey.Api.Login;
using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Users.Passwords;

namespace Latchkey.HostedPages;

/// <summary>The form with a handle and a password. The rules are those of the API's login.</summary>
public sealed class PasswordSignIn(LoginRules rules, PageSignIn signIn, PageCookies cookies)
{
    public async Task<IResult> SignIn(PageRequest page, OAuthParameters form)
    {
        var handle = form["handle"] ?? "";
        var device = cookies.ReadDevice(page.Http, page.Caller.Application);
        var result = await rules.LogIn(page.App, handle, new RawPassword(form["password"] ?? ""), device);
        if (result.Failed(out var answer, out var refused))
        {
            // Without user names, every other text is a wrong address; it is no more than that.
            var error = refused.Code == ErrorCodes.UserNamesDisabled.Code ? ErrorCodes.InvalidCredentials.WithCause("no address") : refused;
            return await signIn.Refuse(page, LoginPages.LoginPath, "login", error, handle);
        }

        return await signIn.Next(page, answer, handle, canMakePasskey: form[PasskeyParts.CanField] == "1");
    }
}
