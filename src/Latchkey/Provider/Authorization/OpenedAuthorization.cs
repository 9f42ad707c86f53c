namespace Latchkey.Provider.Authorization;

/// <summary>An authorization request after it was read.</summary>
public abstract record OpenedAuthorization;
