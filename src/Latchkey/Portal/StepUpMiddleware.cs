using Latchkey.Accounts;
using Microsoft.AspNetCore.Components.Endpoints;

namespace Latchkey.Portal;

/// <summary>
/// Leads a signed-in visitor to the page "Confirm that it is you" before a protected form is shown or taken, unless there was a proof in
/// the last 15 minutes. Nothing of the form is done; the page leads back to it.
/// </summary>
public sealed class StepUpMiddleware(RequestDelegate next, PortalStepUp stepUp)
{
    public const string Path = $"{PortalServices.Path}/confirm";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<PortalSession>() is not { } session || stepUp.IsFresh(session) || !NeedsProof(context))
        {
            return next(context);
        }

        PortalRedirect.To(context, Path, tellsOfForm: true);
        return Task.CompletedTask;
    }

    private static bool NeedsProof(HttpContext context)
    {
        var isForm = !HttpMethods.IsGet(context.Request.Method);
        return context.GetEndpoint() switch
        {
            null => false,
            { } endpoint when endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page => ProtectedForms.Includes(
                page.Type,
                isForm ? FormName(context.Request) : null
            ),
            RouteEndpoint route when isForm => !ProtectedForms.HarmlessRoutes.Contains(Pattern(route), StringComparer.Ordinal),
            RouteEndpoint route => ProtectedForms.AskingRoutes.Contains(Pattern(route), StringComparer.Ordinal),
            _ => isForm,
        };
    }

    /// <summary>The form that the framework would run; empty for none, which no list names.</summary>
    private static string FormName(HttpRequest request) => request.HasFormContentType && request.Form["_handler"] is [{ } name] ? name : "";

    private static string Pattern(RouteEndpoint route) => $"/{route.RoutePattern.RawText?.Trim('/')}";
}
