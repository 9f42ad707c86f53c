using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Api.Authentication;

public static class PolicyExtensions
{
    /// <summary>The token of the routes in this group.</summary>
    public static TBuilder RequiresToken<TBuilder>(this TBuilder builder, TokenKind token, bool allowsUpgrade = false)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new TokenRequirement(token, allowsUpgrade));

    /// <summary>The parameters that are missing in a request of this user.</summary>
    public static RouteHandlerBuilder Requires<T>(this RouteHandlerBuilder route, Func<User, T, Error?> findMissing)
        where T : class, IRequest<T> =>
        route.WithMetadata(
            new UserParameterRequirement((user, arguments) => findMissing(user, arguments.OfType<BoundRequest<T>>().Single().Value))
        );

    /// <summary>The switch without which this function, or those of this group, answer <paramref name="disabledError"/>.</summary>
    public static TBuilder RequiresFeature<TBuilder>(this TBuilder route, Func<ApplicationSettings, bool> isEnabled, Error disabledError)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new FeatureRequirement(isEnabled, disabledError));
}
