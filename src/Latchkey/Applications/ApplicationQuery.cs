namespace Latchkey.Applications;

/// <summary>Filter and order of an application list.</summary>
/// <param name="Search">Part of the name or, in the list of all applications, of an owner's address; or a prefix of the App Id.</param>
/// <param name="Status">An <see cref="ApplicationStatus"/>; empty for all.</param>
/// <param name="Type">An <see cref="ApplicationType"/>; empty for both.</param>
/// <param name="Sort">An <see cref="ApplicationSort"/>; any other value sorts by name.</param>
public sealed record ApplicationQuery(string Search = "", string Status = "", string Type = "", string Sort = "");
