using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>The kind of an application's own mail provider.</summary>
[JsonConverter(typeof(EnumNameConverter<MailService>))]
public enum MailService
{
    Smtp,

    SendGrid,

    /// <summary>An HTTPS address of the developer's that takes each mail as signed JSON.</summary>
    Webhook,
}
