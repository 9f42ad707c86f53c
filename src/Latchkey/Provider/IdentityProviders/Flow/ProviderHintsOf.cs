using Latchkey.Provider.Authorization;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>What an authorization request says to the provider that it goes on to.</summary>
public static class ProviderHintsOf
{
    public static ProviderHints Request(ReadyAuthorization ready)
    {
        var request = ready.Request;
        var isAnew = request.HasPrompt(Prompt.Login) || request.MaxAge == 0;
        return new ProviderHints(
            request.LoginHint,
            isAnew ? Prompt.Login
                : request.HasPrompt(Prompt.SelectAccount) || ready.Pending.SwitchesAccount ? Prompt.SelectAccount
                : null,
            isAnew ? ProviderHints.Anew.MaxAge : request.MaxAge,
            request.UiLocales.Count > 0 ? string.Join(' ', request.UiLocales) : null
        );
    }
}
