namespace Latchkey.Provider.Devices;

/// <summary>The states of a <see cref="DeviceRequest"/>, as stored.</summary>
public static class DeviceState
{
    /// <summary>Nobody has decided.</summary>
    public const string Pending = "pending";

    /// <summary>A user has approved; the device has not asked since.</summary>
    public const string Approved = "approved";

    /// <summary>A user has declined.</summary>
    public const string Denied = "denied";

    /// <summary>The device has its tokens.</summary>
    public const string Used = "used";
}
