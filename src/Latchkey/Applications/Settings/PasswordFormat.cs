using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>What clients send as a password.</summary>
[JsonConverter(typeof(EnumNameConverter<PasswordFormat>))]
public enum PasswordFormat
{
    /// <summary>Either format.</summary>
    Both,

    /// <summary>The MD5 of the password, as 32 lower-case hex digits.</summary>
    Md5,

    /// <summary>The password itself.</summary>
    Plain,
}
