using Latchkey.Core;
using Latchkey.Limits;

namespace Latchkey.Api.Authentication;

/// <summary>Validates the token before the body is read, as the contract requires. Routes without a policy pass through.</summary>
public sealed class TokenAuthenticationMiddleware(RequestDelegate next, TokenResolver resolver, RequestThrottle throttle)
{
    public const string AppTokenHeader = "app-token";
    public const string AccessTokenHeader = "access-token";
    public const string AppSecretHeader = FieldReader.AppSecretHeader;
    public const string AppTokenQuery = "appToken";

    /// <summary>The attribute of a request's span that names the application.</summary>
    public const string ApplicationTag = "latchkey.app_id";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<TokenRequirement>() is not { } policy)
        {
            await next(context);
            return;
        }

        var (caller, refused) = await Resolve(context, policy, resolver);
        if (refused is not null && refused != TokenResolver.AppDeleted)
        {
            await ApiResults.WriteError(context, refused);
            return;
        }

        if (caller is not null)
        {
            var application = caller.Application;
            if (
                throttle.TryAcquire(
                    application.OwnerId ?? application.Id,
                    application.Id,
                    caller.Client.Site,
                    application.Settings.CallsPerSecond
                ) is
                { } tooMany
            )
            {
                await ApiResults.WriteError(context, tooMany);
                return;
            }

            context.Features.Set(caller);
            System.Diagnostics.Activity.Current?.SetTag(ApplicationTag, caller.Application.Id);
        }

        await next(context);
    }

    /// <summary>Whose the tokens of the request are now.</summary>
    internal static async Task<Result<Caller>> Resolve(HttpContext context, TokenRequirement policy, TokenResolver resolver)
    {
        var request = context.Request;
        var client = ClientAddress.From(context.Connection.RemoteIpAddress, request.Headers.UserAgent.ToString());
        var accessToken = Header(request, AccessTokenHeader);
        var appToken = Header(request, AppTokenHeader) ?? (policy.Token == TokenKind.HeaderOrQuery ? Query(request) : null);
        switch (policy.Token)
        {
            case TokenKind.Secret:
                return await resolver.FromAppSecret(Header(request, AppSecretHeader), client);
            case TokenKind.AccessOrSecret when request.Headers.ContainsKey(AppSecretHeader):
                return await resolver.FromAppSecret(Header(request, AppSecretHeader), client);
            case TokenKind.Access or TokenKind.AccessOrSecret:
                return await resolver.FromAccessToken(accessToken, client);
        }

        if (appToken is null && accessToken is not null)
        {
            return await resolver.FromLoneAccessToken(accessToken, client, policy);
        }

        var resolved = await resolver.FromAppToken(appToken, client);
        return policy.AllowsUpgrade && accessToken is not null && resolved.Value is AppCaller caller
            ? await resolver.WithUpgrade(caller, accessToken)
            : resolved;
    }

    private static string? Header(HttpRequest request, string name) => request.Headers[name] is [{ Length: > 0 } one] ? one : null;

    private static string? Query(HttpRequest request) => request.Query[AppTokenQuery] is [{ Length: > 0 } one] ? one : null;
}
