using Latchkey.Accounts;
using Latchkey.Core;
using Latchkey.Data;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Portal;

/// <summary>
/// Leads a signed-in visitor to the page "Confirm that it is you" before a protected form is shown or taken, unless there was a proof in
/// the last 15 minutes. Nothing of the form is done; the page leads back to it. A form of settings keeps what was typed: its own page asks
/// for the proof, which is sent with it.
/// </summary>
public sealed class StepUpMiddleware(RequestDelegate next, PortalStepUp stepUp, PortalCookie cookie, TimeProvider clock)
{
    public const string Path = $"{PortalServices.Path}/confirm";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<PortalSession>() is not { } session || stepUp.IsFresh(session) || !NeedsProof(context))
        {
            return next(context);
        }

        if (KeepsForm(context))
        {
            return TakeProof(context, session);
        }

        PortalRedirect.To(context, Path, tellsOfForm: true);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Goes on with the form if a proof came with it. Otherwise the request becomes one for the page, so that no form runs.
    /// </summary>
    private async Task TakeProof(HttpContext context, PortalSession session)
    {
        var form = context.Request.Form;
        if (await Verify(context, session, FormValues.Text(form, ProofFields.Password), FormValues.Text(form, ProofFields.Code)))
        {
            context.Features.Set(session with { ProvedAt = clock.Now() });
        }
        else
        {
            context.Request.Method = HttpMethods.Get;
        }

        await next(context);
    }

    /// <summary>Whether this is a proof; if not, the page knows of the form and of the reason.</summary>
    private async Task<bool> Verify(HttpContext context, PortalSession session, string password, string code)
    {
        Error? refused = null;
        if (password.Length > 0)
        {
            var developer = context.Features.GetRequiredFeature<Developer>();
            var client = ClientAddress.From(context.Connection.RemoteIpAddress);
            if (!(await stepUp.Confirm(developer, session, password, code, client)).Failed(out var token, out refused))
            {
                cookie.Write(context, PortalCookie.Session, token);
                return true;
            }
        }

        context.Features.Set(new UnprovedForm(context.Request.Form, refused));
        return false;
    }

    private static bool KeepsForm(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
        && context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page
        && ProtectedForms.KeepsTyped(page.Type, FormName(context.Request));

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
