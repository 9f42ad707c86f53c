namespace Latchkey.Provider;

/// <summary>A feature of requests whose host is an application's own domain: there, the application's provider is at the root.</summary>
/// <param name="AppId">The application.</param>
public sealed record OwnDomain(string AppId);
