namespace Latchkey.Data;

/// <summary>Which schemas a command accepts when it opens the installation.</summary>
public enum SchemaPolicy
{
    /// <summary>Only the newest schema. Creating or upgrading it could hide that the command uses the wrong database.</summary>
    RequireCurrent,

    /// <summary>Any schema, without checking the keys, for copying.</summary>
    AcceptAny,

    /// <summary>Migrates an empty database or an older schema to the newest one.</summary>
    Migrate,
}
