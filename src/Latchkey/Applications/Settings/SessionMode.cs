using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>How the sessions of an application's users last.</summary>
[JsonConverter(typeof(EnumNameConverter<SessionMode>))]
public enum SessionMode
{
    /// <summary>An access token is valid for the whole session, as apps of the contract expect.</summary>
    Classic,

    /// <summary>Tokens are valid for minutes; a refresh token gives new ones.</summary>
    Refresh,
}
