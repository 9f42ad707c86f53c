using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>Which request to a mailed signup link completes the signup.</summary>
[JsonConverter(typeof(EnumNameConverter<LinkCompletion>))]
public enum LinkCompletion
{
    /// <summary>The button of the page that the link opens.</summary>
    Post,

    /// <summary>Opening the link. Link scanners of mail programs then complete signups too.</summary>
    Get,
}
