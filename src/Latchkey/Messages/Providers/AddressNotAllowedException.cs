namespace Latchkey.Messages.Providers;

/// <summary>
/// A developer's host is in a network that the operator has not allowed. It does not say which: developers learn nothing of the inside.
/// </summary>
public sealed class AddressNotAllowedException(string host)
    : Exception(
        $"{host} is not on the public internet, and the operator of this server has not allowed its network (LATCHKEY_OUTBOUND_NETWORKS)"
    );
