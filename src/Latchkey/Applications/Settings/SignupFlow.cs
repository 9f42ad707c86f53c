using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>How a signup verifies the user's address.</summary>
[JsonConverter(typeof(EnumNameConverter<SignupFlow>))]
public enum SignupFlow
{
    /// <summary>By a mailed code, which the app sends.</summary>
    Code,

    /// <summary>By a mailed link.</summary>
    Link,

    /// <summary>Not verified: the user is created immediately.</summary>
    None,
}
