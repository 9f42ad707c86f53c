namespace Latchkey.Operations.CosyncMigration;

/// <summary>The collections in an export of a CosyncJWT server.</summary>
public enum CosyncCollection
{
    Apps,
    Users,
    EmailTemplates,
}
