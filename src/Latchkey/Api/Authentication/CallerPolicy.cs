using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Api.Authentication;

/// <summary>Which token a route takes, as endpoint metadata.</summary>
public sealed record CallerPolicy(TokenKind Token, bool Upgrades = false);

public enum TokenKind
{
    /// <summary>app-token.</summary>
    App,

    /// <summary>app-token, or an access-token that then only names its application.</summary>
    AppOrAccess,

    /// <summary>app-token as a header, or <c>?appToken=</c> where a link or its page's form needs it, or an access-token.</summary>
    AppInLink,

    /// <summary>access-token of a live session.</summary>
    Access,

    /// <summary>access-token of a live session, or an app-secret.</summary>
    AccessOrSecret,

    /// <summary>app-secret.</summary>
    Secret,
}

/// <summary>A feature that the application must have switched on, as endpoint metadata.</summary>
public sealed record Switch(Func<ApplicationSettings, bool> IsOn, Error Off);

/// <summary>Parameters that are needed or not depending on the user who calls, as endpoint metadata: 403 for a missing one, with all the others.</summary>
public sealed record NeededOfUser(Func<User, IList<object?>, Error?> Missing);

/// <summary>Marks the one route that serves applications which are inactive, migrated or without JWT.</summary>
public sealed record ServesIdleApplications;

public static class PolicyExtensions
{
    /// <summary>The token of the routes in this group.</summary>
    public static TBuilder Takes<TBuilder>(this TBuilder builder, TokenKind token, bool upgrades = false)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new CallerPolicy(token, upgrades));

    /// <summary>What of a request is missing, coming from this user.</summary>
    public static RouteHandlerBuilder Asks<T>(this RouteHandlerBuilder route, Func<User, T, Error?> missing)
        where T : class, IRequest<T> =>
        route.WithMetadata(new NeededOfUser((user, arguments) => missing(user, arguments.OfType<Asked<T>>().Single().Value)));

    /// <summary>The switch without which this function answers <paramref name="off"/>.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder route, Func<ApplicationSettings, bool> isOn, Error off) =>
        route.WithMetadata(new Switch(isOn, off));
}
