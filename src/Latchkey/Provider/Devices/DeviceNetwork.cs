namespace Latchkey.Provider.Devices;

/// <summary>Where a device is, compared with the user who types its code (RFC 10027 §6.1.1).</summary>
public enum DeviceNetwork
{
    /// <summary>In the same network, as usual at home.</summary>
    Same,

    /// <summary>In another network. Somebody far away may have sent the code, so the page warns.</summary>
    Other,

    /// <summary>The same address and the same browser: it seems to be no other device at all.</summary>
    SameDevice,
}
