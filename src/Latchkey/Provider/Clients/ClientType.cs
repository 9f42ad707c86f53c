namespace Latchkey.Provider.Clients;

/// <summary>What a client is; it decides how the client proves itself, which grants it has at first, and what its URIs may be.</summary>
public enum ClientType
{
    /// <summary>A website with a server that keeps a secret.</summary>
    Web,

    /// <summary>An app on a phone or desktop. Public: whatever it contains can be read.</summary>
    Native,

    /// <summary>A single-page app. Public.</summary>
    Browser,

    /// <summary>A server that acts for itself, without a user.</summary>
    Service,

    /// <summary>A device without a browser, such as a television. Public.</summary>
    Device,
}
