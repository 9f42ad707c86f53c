using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Api.Authentication;

/// <summary>Which token a route takes, as endpoint metadata.</summary>
public sealed record TokenRequirement(TokenKind Token, bool AllowsUpgrade = false);

public enum TokenKind
{
    /// <summary>app-token.</summary>
    App,

    /// <summary>app-token, or an access-token that then only names its application.</summary>
    AppOrAccess,

    /// <summary>app-token as a header, or <c>?appToken=</c> where a link or its page's form needs it, or an access-token.</summary>
    HeaderOrQuery,

    /// <summary>access-token of a live session.</summary>
    Access,

    /// <summary>access-token of a live session, or an app-secret.</summary>
    AccessOrSecret,

    /// <summary>app-secret.</summary>
    Secret,
}

/// <summary>A feature that the application must have switched on, as endpoint metadata.</summary>
public sealed record FeatureRequirement(Func<ApplicationSettings, bool> IsEnabled, Error DisabledError);

/// <summary>Parameters that are needed or not depending on the user who calls, as endpoint metadata: 403 for a missing one, with all the others.</summary>
public sealed record UserParameterRequirement(Func<User, IList<object?>, Error?> FindMissing);

/// <summary>Marks the one route that serves applications which are inactive, migrated or without JWT.</summary>
public sealed record AllowInactiveApplications;

public static class PolicyExtensions
{
    /// <summary>The token of the routes in this group.</summary>
    public static TBuilder RequiresToken<TBuilder>(this TBuilder builder, TokenKind token, bool allowsUpgrade = false)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new TokenRequirement(token, allowsUpgrade));

    /// <summary>What of a request is missing, coming from this user.</summary>
    public static RouteHandlerBuilder Requires<T>(this RouteHandlerBuilder route, Func<User, T, Error?> findMissing)
        where T : class, IRequest<T> =>
        route.WithMetadata(new UserParameterRequirement((user, arguments) => findMissing(user, arguments.OfType<BoundRequest<T>>().Single().Value)));

    /// <summary>The switch without which this function answers <paramref name="disabledError"/>.</summary>
    public static RouteHandlerBuilder RequiresFeature(this RouteHandlerBuilder route, Func<ApplicationSettings, bool> isEnabled, Error disabledError) =>
        route.WithMetadata(new FeatureRequirement(isEnabled, disabledError));
}
