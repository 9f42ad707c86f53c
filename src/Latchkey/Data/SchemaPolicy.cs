namespace Latchkey.Data;

/// <summary>What a command finds good enough when it opens the installation.</summary>
public enum SchemaPolicy
{
    /// <summary>
    /// The newest schema. A command that met nothing, or an older schema, and made one would hide that it looks at the wrong place.
    /// </summary>
    RequireCurrent,

    /// <summary>Whatever schema is there, without looking at the keys: it is copied as it is.</summary>
    AcceptAny,

    /// <summary>Nothing, or an older schema: both are brought up to the newest.</summary>
    Migrate,
}
