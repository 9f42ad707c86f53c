namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>What a sign-in with a provider is for.</summary>
public enum SignInPurpose
{
    /// <summary>To be signed in in this browser.</summary>
    Login,

    /// <summary>To link the provider's account to whoever is signed in.</summary>
    Link,

    /// <summary>To prove again who is signed in.</summary>
    Proof,

    /// <summary>To be signed in in the app that opened the browser.</summary>
    App,
}
