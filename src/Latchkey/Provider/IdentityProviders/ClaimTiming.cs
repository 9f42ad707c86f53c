namespace Latchkey.Provider.IdentityProviders;

/// <summary>When a claim of a provider becomes metadata.</summary>
public enum ClaimTiming
{
    /// <summary>Once, when the user signs up.</summary>
    SignUp,

    /// <summary>At each sign-in, in a field that the user cannot edit.</summary>
    Always,

    /// <summary>At each sign-in, over what the user may have edited.</summary>
    Overwrite,
}
