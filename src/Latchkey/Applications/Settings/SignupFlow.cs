using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>How a signup proves that an address belongs to the user.</summary>
[JsonConverter(typeof(EnumNameConverter<SignupFlow>))]
public enum SignupFlow
{
    /// <summary>A code is mailed, which the app sends back.</summary>
    Code,

    /// <summary>A link is mailed.</summary>
    Link,

    /// <summary>Not at all: the user exists at once.</summary>
    None,
}
