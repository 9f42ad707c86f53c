namespace Latchkey.Messages.Providers;

/// <summary>
/// A developer's host resolves to a network that the operator has not allowed. The message does not name the network, so that
/// developers cannot probe the internal network.
/// </summary>
public sealed class AddressNotAllowedException(string host)
    : Exception(
        $"{host} is not on the public internet, and the operator of this server has not allowed its network (LATCHKEY_OUTBOUND_NETWORKS)"
    );
