namespace Latchkey.Portal.Settings;

/// <summary>The change that a warning is about.</summary>
public enum WarnWhen
{
    Always,
    Change,

    /// <summary>A switch that is switched on.</summary>
    On,

    /// <summary>A switch that is switched off.</summary>
    Off,

    /// <summary>A number that becomes smaller.</summary>
    Lower,
}
