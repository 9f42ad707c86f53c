using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>The kind of an application's own mail provider.</summary>
[JsonConverter(typeof(EnumNameConverter<MailService>))]
public enum MailService
{
    Smtp,

    SendGrid,

    /// <summary>The developer's HTTPS endpoint, which receives each mail as signed JSON.</summary>
    Webhook,
}
