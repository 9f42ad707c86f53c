using System.Text;

namespace Latchkey.Core;

/// <summary>
/// Refuses queries whose bytes are not UTF-8. The framework leaves such bytes escaped, so that <c>%FC</c> and <c>%25FC</c> come out alike.
/// Functions of the API decode their own queries (<see cref="FormDecoder"/>), after they have looked at the token.
/// </summary>
public static class QueryValidation
{
    public static void UseQueryValidation(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                || StrictUtf8.PercentDecode(Encoding.UTF8.GetBytes(context.Request.QueryString.Value ?? "")) is not null
                    ? next(context)
                    : ApiResults.WriteError(context, ErrorCodes.BadRequest)
        );
}
