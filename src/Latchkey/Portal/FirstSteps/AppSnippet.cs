namespace Latchkey.Portal.FirstSteps;

/// <summary>A small client for an app in one language, with the application's own values.</summary>
/// <param name="Key">The language in addresses.</param>
/// <param name="Title">The language.</param>
/// <param name="File">Where it goes.</param>
/// <param name="Text">The code.</param>
/// <param name="Use">The three calls of a first user.</param>
/// <param name="IsTested">A test runs it; otherwise it is reviewed only.</param>
public sealed record AppSnippet(string Key, string Title, string File, string Text, string Use, bool IsTested)
{
    /// <summary>All languages, phones first.</summary>
    /// <param name="publicUrl">The server's public URL.</param>
    /// <param name="appToken">The application's newest App Token.</param>
    public static IReadOnlyList<AppSnippet> All(string publicUrl, string appToken) =>
        [
            PhoneSnippets.Swift(publicUrl, appToken),
            PhoneSnippets.Kotlin(publicUrl, appToken),
            ScriptSnippets.ReactNative(publicUrl, appToken),
            ScriptSnippets.TypeScript(publicUrl, appToken),
            ProgramSnippets.CSharp(publicUrl, appToken),
            ProgramSnippets.Python(publicUrl, appToken),
            ProgramSnippets.Curl(publicUrl, appToken),
        ];
}
