namespace Latchkey.Accounts;

/// <summary>The kind of code that was accepted.</summary>
public enum AcceptedCode
{
    None,
    App,
    Recovery,
}
