using System.Globalization;
using Latchkey.Core;

namespace Latchkey.Applications.Realm;

/// <summary>Errors of the App Services API; the messages say what to do.</summary>
public static class RealmErrors
{
    public static readonly Error NoRealmAppId = Of("First enter and save the Realm App Id. It identifies the application in the project.");

    public static readonly Error WrongKeys = Of(
        "App Services does not accept these keys. Check both. Atlas shows a private key only once, when it is created."
    );

    public static readonly Error SessionEnded = Of(
        "App Services ended the session before the work was finished. Please run it again. Completed steps are kept."
    );

    public static readonly Error Forbidden = Of(
        "These keys do not have permission. In Atlas, give them the role Project Owner and allow this server's address."
    );

    public static readonly Error NoProject = Of("App Services has no project with this id, or the keys do not belong to it.");

    public static readonly Error TimedOut = Of(
        "App Services took too long, so the work was stopped before it was finished. Please run it again. Completed steps are kept."
    );

    /// <summary>The connection failed.</summary>
    public static Error Unreachable(Uri address) =>
        Of(
            $"{address.Host} does not answer. MongoDB closed its hosted App Services in 2025; if you run a server that took its "
                + "place, the operator of this installation sets its address. The provider's configuration can be downloaded all the "
                + "same."
        );

    public static Error TooLarge(Uri address) => Of($"{address.Host} sent a response that is too large to be from App Services.");

    /// <summary>The response has an unexpected format.</summary>
    public static Error UnexpectedResponse(Uri address) =>
        Of($"{address.Host} responds, but not like the App Services Admin API. Check the address that the operator set.");

    public static Error NoApp(string realmAppId, string others) =>
        Of($"The project has no application {realmAppId}.{(others.Length == 0 ? " It has no applications." : $" It has: {others}.")}");

    /// <param name="status">The HTTP status.</param>
    /// <param name="words">Its text without secrets; empty when unreadable.</param>
    public static Error Refused(int status, string words) =>
        status >= 500
            ? Of($"App Services failed with HTTP {status.ToString(CultureInfo.InvariantCulture)}. Please try again later.{Quoted(words)}")
            : Of($"App Services refused with HTTP {status.ToString(CultureInfo.InvariantCulture)}.{Quoted(words)}");

    private static string Quoted(string words) => words.Length == 0 ? "" : $" It says: {words}";

    private static Error Of(string message) => ErrorCodes.InvalidData with { Message = message };
}
