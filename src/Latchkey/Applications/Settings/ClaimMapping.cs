namespace Latchkey.Applications.Settings;

/// <summary>A claim of the OpenID provider whose value is in a metadata field of the user.</summary>
/// <param name="Claim">The claim's name, such as <c>given_name</c>, or <c>address.locality</c> for a member of the claim address.</param>
/// <param name="Path">The path of the metadata field, such as <c>user_data.name.first</c>.</param>
/// <param name="Scope">The scope that clients get the claim with: profile, address, or a name of the application's own.</param>
public sealed record ClaimMapping(string Claim, string Path, string Scope);
