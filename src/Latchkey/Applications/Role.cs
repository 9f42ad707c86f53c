namespace Latchkey.Applications;

/// <summary>What someone is to an application; each includes those before it.</summary>
public enum Role
{
    Editor,
    Owner,
    Operator,
}
