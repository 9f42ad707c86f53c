using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>How getApplication writes booleans.</summary>
[JsonConverter(typeof(EnumNameConverter<BooleanFormat>))]
public enum BooleanFormat
{
    /// <summary>0 and 1.</summary>
    Number,

    /// <summary>false and true.</summary>
    Boolean,
}
