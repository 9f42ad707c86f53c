namespace Latchkey.Provider.Authorization;

/// <summary>What a user has to do before a request can be answered.</summary>
public enum AuthorizationPage
{
    SignIn,
    SignUp,
    ChooseAccount,
    Consent,
}
