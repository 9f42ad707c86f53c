namespace Latchkey.Api.Authentication;

/// <summary>Marks the one route that serves applications which are inactive, migrated or without JWT.</summary>
public sealed record AllowInactiveApplications;
