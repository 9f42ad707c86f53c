namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>When an address that a provider gives counts as verified.</summary>
public enum EmailTrust
{
    /// <summary>Never: the provider does not say that it verified the address, or what it says is known to be unreliable.</summary>
    Never,

    /// <summary>When the provider's answer says so of this address.</summary>
    WhenVerifiedClaim,

    /// <summary>Always: the provider documents that it gives verified addresses only.</summary>
    Always,
}
