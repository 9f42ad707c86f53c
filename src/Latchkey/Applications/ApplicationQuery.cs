namespace Latchkey.Applications;

/// <summary>Which applications of a list to show, and in which order.</summary>
/// <param name="Search">A part of the name or, in a list of all applications, of an owner's address; or the beginning of the App
/// Id.</param>
/// <param name="Status">An <see cref="ApplicationStatus"/>; empty for all.</param>
/// <param name="Type">An <see cref="ApplicationType"/>; empty for both.</param>
/// <param name="Sort">An <see cref="ApplicationSort"/>; by name when it is none.</param>
public sealed record ApplicationQuery(string Search = "", string Status = "", string Type = "", string Sort = "");
