namespace Latchkey.Provider.Clients;

public enum ClientFieldKind
{
    Switch,
    Choice,

    /// <summary>Texts without blanks, with blanks or line breaks between them.</summary>
    List,
    Text,
}
