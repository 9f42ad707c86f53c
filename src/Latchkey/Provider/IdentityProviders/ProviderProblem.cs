using Latchkey.Core;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Errors of signing in with a provider. Users see what to do, and the log has the cause.</summary>
public static class ProviderProblem
{
    private const int MaxLength = 200;

    /// <param name="cause">May have text of the provider in it: what is not printable ASCII is left out.</param>
    public static Error Failed(string cause) => ErrorCodes.ProviderSignInFailed.WithCause(Clean(cause));

    /// <summary>A text of another party, as it can stand in the log.</summary>
    public static string Clean(string text) => Strings.Truncate(string.Concat(text.Where(c => c is >= ' ' and <= '~')), MaxLength);
}
