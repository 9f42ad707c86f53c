namespace Latchkey.Tests.SdkClients;

/// <summary>A span of releases of the Swift SDK.</summary>
/// <param name="Name">Its first release.</param>
/// <param name="EscapesPlusAtSignup">signup sends <c>%2B</c> for a plus in the handle, as the other functions always do.</param>
/// <param name="DemandsSignedUserToken">completeSignup and register throw without a signed-user-token.</param>
public sealed record SwiftVersion(string Name, bool EscapesPlusAtSignup, bool DemandsSignedUserToken)
{
    public static IReadOnlyList<SwiftVersion> All { get; } =
    [new("1.0.2", false, true), new("1.1.6", true, true), new("November 2023", true, false)];

    public static SwiftVersion Named(string name) => All.Single(version => version.Name == name);
}
