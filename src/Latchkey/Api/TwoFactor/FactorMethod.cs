namespace Latchkey.Api.TwoFactor;

/// <summary>How a user proves a second factor; the names of the parameter <c>method</c>.</summary>
public enum FactorMethod
{
    /// <summary>A code of an authenticator app.</summary>
    Otp,

    /// <summary>A code by SMS.</summary>
    Sms,

    /// <summary>A signature of a passkey.</summary>
    Passkey,

    /// <summary>A recovery code, in place of a factor that is lost.</summary>
    Recovery,
}
