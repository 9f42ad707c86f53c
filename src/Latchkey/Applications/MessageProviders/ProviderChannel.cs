namespace Latchkey.Applications.MessageProviders;

/// <summary>What an installation's own provider sends.</summary>
public enum ProviderChannel
{
    Mail,
    Sms,
}
