namespace Latchkey.Activity.Audit;

/// <summary>Whom a filter of the installation's log is about.</summary>
/// <param name="DeveloperId">The portal account; null for an actor without one, such as the command line, or whose account is gone.</param>
/// <param name="Name">The actor's name.</param>
public sealed record InstallationLogPerson(string? DeveloperId, string Name);
