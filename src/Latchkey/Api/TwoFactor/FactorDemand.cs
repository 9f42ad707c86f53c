namespace Latchkey.Api.TwoFactor;

/// <summary>What a login needs after its first step.</summary>
public sealed record FactorDemand
{
    /// <summary>The first step is enough.</summary>
    public static readonly FactorDemand None = new();

    /// <summary>The factors that the user had when this was found; null where they are not asked for.</summary>
    public IReadOnlyList<FactorMethod>? Own { get; init; }

    /// <summary>Any of these completes the login.</summary>
    public IReadOnlyList<FactorMethod> Methods { get; init; } = [];

    /// <summary>The user has no factor and must set one of these up.</summary>
    public IReadOnlyList<FactorMethod> Enroll { get; init; } = [];

    /// <summary>The answer lists the methods, as it does unless the application's secondFactorPolicy is off.</summary>
    public bool IsListed { get; init; }

    /// <summary>The id of the remembered device that stands for the factor; null for none.</summary>
    public string? DeviceId { get; init; }

    public bool IsNeeded => Methods.Count > 0 || Enroll.Count > 0;

    /// <summary>The number has had too many SMS, but there is a recovery code to log in with.</summary>
    public bool IsSmsHeld { get; init; }

    /// <summary>Whether the code goes out with the answer: by SMS, if the user has no other factor.</summary>
    public bool SendsSms => !IsSmsHeld && Methods.Contains(FactorMethod.Sms) && !Methods.Contains(FactorMethod.Otp);

    /// <summary>What the log says of it; empty for nothing.</summary>
    public string Describe() =>
        Enroll.Count > 0 ? "second factor to be set up"
        : Methods.Count > 0 ? "second factor asked for"
        : DeviceId is not null ? "second factor not asked for: the device is remembered"
        : "";
}
