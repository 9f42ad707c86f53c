namespace Latchkey.Accounts;

/// <summary>Which code was right.</summary>
public enum AcceptedCode
{
    None,
    App,
    Recovery,
}
