namespace Latchkey.Operations.CosyncMigration;

/// <summary>The names of what a CosyncJWT server gives out.</summary>
public enum CosyncCollection
{
    Apps,
    Users,
    EmailTemplates,
}
