using Microsoft.AspNetCore.Antiforgery;

namespace Latchkey.Portal;

/// <summary>Requires an antiforgery token for every request below /portal except GET and HEAD, whatever the route declares.</summary>
public sealed class RequireAntiforgeryMiddleware(RequestDelegate next, IAntiforgery antiforgery, RejectedFormLog refusals)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && await Validate(context) is { } flaw)
        {
            await Refuse(context, flaw);
            return;
        }

        await next(context);
    }

    private Task Refuse(HttpContext context, Exception flaw)
    {
        if (IsTooLarge(flaw))
        {
            return RejectedFormPages.TooLarge().ExecuteAsync(context);
        }

        refusals.LogMissingToken(context);
        return RejectedFormPages
            .NotAccepted("The form had been open for too long, or you signed in or out in the meantime.")
            .ExecuteAsync(context);
    }

    private async Task<Exception?> Validate(HttpContext context)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { } judged)
        {
            // The framework has validated the token already, as it does for pages
            return judged.IsValid ? null : judged.Error ?? new AntiforgeryValidationException("");
        }

        try
        {
            await antiforgery.ValidateRequestAsync(context);
            return null;
        }
        catch (AntiforgeryValidationException e)
        {
            return e;
        }
    }

    /// <summary>The token is in the form, and the form was not read.</summary>
    private static bool IsTooLarge(Exception flaw) =>
        flaw is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
        || (flaw.InnerException is { } inner && IsTooLarge(inner));
}
