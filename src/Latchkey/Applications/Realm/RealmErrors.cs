using System.Globalization;
using Latchkey.Core;

namespace Latchkey.Applications.Realm;

/// <summary>What can go wrong between this server and App Services, in words that say what to do.</summary>
public static class RealmErrors
{
    public static readonly Error NoRealmAppId = Of(
        "Give the Realm App Id first and save it: it says which application of the project is meant."
    );

    public static readonly Error WrongKeys = Of(
        "App Services does not take these keys. Check both; a private key is shown only once, when it is made in Atlas."
    );

    public static readonly Error SessionEnded = Of(
        "App Services ended the session while it was at work. Please run it again: what is done already stays done."
    );

    public static readonly Error Forbidden = Of(
        "These keys may not do this. In Atlas, give them the role Project Owner and allow this server's address."
    );

    public static readonly Error NoProject = Of("App Services knows no project with this id, or the keys do not belong to it.");

    public static readonly Error TimedOut = Of(
        "App Services took too long, so the work was stopped half-way. Please run it again: what is done already stays done."
    );

    /// <summary>Nothing answers there.</summary>
    public static Error Unreachable(Uri address) =>
        Of(
            $"{address.Host} does not answer. MongoDB closed its hosted App Services in 2025; if you run a server that took its "
                + "place, the operator of this installation sets its address. The provider's configuration can be downloaded all the "
                + "same."
        );

    public static Error TooLarge(Uri address) => Of($"{address.Host} sent an answer too large to be from App Services.");

    /// <summary>An answer of another shape than the Admin API's.</summary>
    public static Error UnexpectedResponse(Uri address) =>
        Of($"{address.Host} answers, but not as the App Services Admin API does. Check the address that the operator set.");

    public static Error NoApp(string realmAppId, string others) =>
        Of($"The project has no application {realmAppId}.{(others.Length == 0 ? " It has none at all." : $" It has: {others}.")}");

    /// <param name="status">The HTTP status.</param>
    /// <param name="words">What it said, without secrets; empty when nothing readable.</param>
    public static Error Refused(int status, string words) =>
        status >= 500
            ? Of($"App Services failed with HTTP {status.ToString(CultureInfo.InvariantCulture)}. Please try again later.{Quoted(words)}")
            : Of($"App Services refused with HTTP {status.ToString(CultureInfo.InvariantCulture)}.{Quoted(words)}");

    private static string Quoted(string words) => words.Length == 0 ? "" : $" It says: {words}";

    private static Error Of(string message) => ErrorCodes.InvalidData with { Message = message };
}
