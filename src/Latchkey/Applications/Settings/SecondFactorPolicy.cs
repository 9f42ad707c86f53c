using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>When logins of an application ask for a second factor.</summary>
[JsonConverter(typeof(EnumNameConverter<SecondFactorPolicy>))]
public enum SecondFactorPolicy
{
    /// <summary>Only as the contract has it: the one factor of <see cref="TwoFactorMethod"/>, for users who switched it on.</summary>
    Off,

    /// <summary>Users who switched a factor on are asked, except on devices that they had remembered.</summary>
    Optional,

    /// <summary>Every user needs a factor and is asked at every login.</summary>
    Required,

    /// <summary>Every user needs a factor and is asked on devices that are not remembered.</summary>
    NewDevices,
}
